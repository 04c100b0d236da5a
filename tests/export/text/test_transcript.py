"""The words to read first."""

from __future__ import annotations

from hypothesis import given

from tests.export.text.sessions import calm, chapter, end, line, rest, sessions, speech
from voiceguide.audio import frames
from voiceguide.export.text.transcript import paragraphs, transcript
from voiceguide.plan.items import Cue, SpeechCue


def test_it_reads_by_chapters() -> None:
    """Phrases of a line are one paragraph, a breath word is written once, and chapters are headings."""
    assert transcript(calm(), title="Calm") == (
        "Calm\n1:00\n"
        "\n## Arriving\n\n"
        "Notice your feet. Both of them, on the floor.\n"
        "\n## Breath\n\n"
        "In. (×2)\nAnd out. (×2)\n"
    )


def test_a_long_rest_is_told() -> None:
    """A rest of twenty seconds or more is written where it comes, with its length."""
    cues = (
        speech(0, 1, "Now.", 0),
        rest(1, 20, about=30),
        speech(21, 1, "Thanks.", 1),
        rest(22, 19),
        end(41),
    )
    assert transcript(cues, title="x").splitlines()[2:] == ["Now.", "    … 0:20", "Thanks."]


def test_words_on_the_beat_are_written_once() -> None:
    """Breath words without tones, said while the voice rests by the beat, are written once too."""
    words = (("In.", 0.0), ("Out.", 4.0), ("In.", 8.0), ("Out.", 12.0))
    beats = [it for say, (text, at) in enumerate(words) for it in (speech(at, 0.5, text, say), rest(at, 4))]
    assert [(it.text, it.times) for it in paragraphs([*beats, end(16)])] == [("In.", 2), ("Out.", 2)]


def test_numbers_counted_aloud_share_a_paragraph() -> None:
    """A count reads as one line, and the line after it as another."""
    cues = (
        speech(0, 1, "Three.", 0, slot=4),
        speech(4, 1, "Two.", 1, slot=4),
        speech(8, 1, "One.", 2),
        SpeechCue(frames(12), frames(1), line("Good.", 3, index=1)),
        end(14),
    )
    assert [paragraph.text for paragraph in paragraphs(cues)] == ["Three. Two. One.", "Good."]


def test_sections_inside_sections_are_deeper_headings() -> None:
    """A chapter's depth shows in its heading."""
    assert "\n### Feet\n" in transcript((chapter(0, "Feet", 1), end(1)), title="x")


def test_an_empty_session_has_a_title_and_a_length() -> None:
    """A session without words is still named."""
    assert transcript((), title="Nothing *much*") == "Nothing much\n0:00\n"


@given(sessions())
def test_any_session_can_be_read(cues: tuple[Cue, ...]) -> None:
    """Paragraphs come in the order of the session."""
    starts = [paragraph.start for paragraph in paragraphs(cues)]
    assert starts == sorted(starts)
