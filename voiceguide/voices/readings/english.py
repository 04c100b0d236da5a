"""The table of English: every form that voices read wrong, in the order of application."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from voiceguide.voices.readings.row import Reading, Table

# A dotted form without a capital letter of its own; includes all of `short_forms`.
_DOTTED: Final = (
    r"(?i:etc|e\.g|i\.e|[ap]\.m|vs|cf|mrs?|ms|dr|st|prof|jr|sr|mt|approx|incl|esp|min|mins|secs?|hrs?|wks?|yrs?"
    r"|lbs?|oz|ft|kg|km|cm|ml)|[A-HJ-Z]"
)
_HINT: Final = re.compile(
    r"[^\sA-Za-z'’‘“”\",.?!;:*-]"  # figures, symbols, long dashes, brackets
    r"|[A-Z]['’]?[A-Z]"
    r"|[.?!](?=[\w.])|\s\."
    r"|--|(?:^|\s)-|-(?:\s|$)"
    rf"|\b(?:{_DOTTED})\."
    r"|\b(?:mins|secs|hrs?|vs|aka)\b"
    r"|\b(?:Part|Chapter|Step|Act|Book|Volume|Level|Stage|Phase|Week|Day|Section) [IVX]\b"
)


@cache
def _rows() -> tuple[Reading, ...]:
    from voiceguide.voices.readings import capitals, figures, marks, quantities, short_forms

    return (
        *marks.CHARACTERS,
        *short_forms.ROWS,
        *quantities.MONEY,
        *figures.ROWS,
        *quantities.ROWS,
        *figures.LAST,
        *capitals.ROWS,
        *marks.SIGNS,
        *marks.PAUSES,
    )


TABLE: Final = Table(_HINT, _rows)
