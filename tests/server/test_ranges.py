from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.server.ranges import ByteRange, NotSatisfiable, asked, matches

ETAG = '"abc.mp3"'


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-200", 90, 99),
        ("bytes=50-", 50, 99),
        ("bytes=-10", 90, 99),
        ("bytes=-1000", 0, 99),
        ("BYTES = 5-6", 5, 6),
        ("bytes=200-, 3-4", 3, 4),
        ("bytes=1-2,5-6", 1, 2),
    ],
)
def test_a_range_is_the_bytes_it_names_as_far_as_they_exist(header: str, first: int, last: int) -> None:
    """First-last, open and suffix ranges are cut to the file; of several the first that exists is taken."""
    assert asked(header, None, ETAG, 100) == ByteRange(first, last, 100)


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=500-600,700-"])
def test_a_range_beyond_the_end_is_refused(header: str) -> None:
    """Where no byte of any range exists the answer is 416."""
    with pytest.raises(NotSatisfiable):
        asked(header, None, ETAG, 100)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=a-b",
        "seconds=1-2",
        "bytes=١-٢",
        "bytes=1-2,x",
    ],
)
def test_what_is_no_range_asks_for_the_whole(header: str | None) -> None:
    """A header that does not parse is ignored, as RFC 9110 says."""
    assert asked(header, None, ETAG, 100) is None


@pytest.mark.parametrize("if_range", ['"old"', 'W/"abc.mp3"', "Sat, 29 Oct 1994 19:43:31 GMT", ""])
def test_a_range_of_something_else_asks_for_the_whole(if_range: str) -> None:
    """If-Range holds for the same strong tag only."""
    assert asked("bytes=0-9", if_range, ETAG, 100) is None
    assert asked("bytes=0-9", ETAG, ETAG, 100) == ByteRange(0, 9, 100)


@given(st.text(max_size=40), st.integers(1, 1000))
def test_any_header_gives_bytes_that_exist_or_the_whole_or_a_refusal(text: str, size: int) -> None:
    """No header makes a range outside the file."""
    try:
        span = asked(f"bytes={text}", None, ETAG, size)
    except NotSatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


def test_a_client_that_has_it_is_told_so() -> None:
    """If-None-Match takes lists, weak tags and the star."""
    assert matches(f'"x", W/{ETAG}', ETAG)
    assert matches("*", ETAG)
    assert not matches('"x"', ETAG)
    assert not matches(None, ETAG)
