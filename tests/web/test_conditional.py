"""Conditional requests: lists of entity tags and HTTP-dates."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.web.conditional import entity_tags, http_date, imf_fixdate, none_match, unmodified_since

MOMENT = 784111777  # Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110
tags = st.text(st.characters(min_codepoint=0x23, max_codepoint=0x7E), max_size=20).map(lambda text: f'"{text}"')
weakened = st.tuples(st.sampled_from(["", "W/"]), tags).map("".join)
commas = st.sampled_from([",", ", ", " , ", ",,", ", ,", ",\t"])


@pytest.mark.parametrize(
    "header",
    ['"a"', 'W/"a"', '"b", "a"', '"b","a"', '"x",, "a" ,', "*", " * ", '"b,c", "a"', '"a", nonsense', 'W/"a",W/"b"'],
)
def test_names_it(header: str) -> None:
    """A list that holds the tag, weak or strong, or the asterisk, matches."""
    assert none_match(header, '"a"')


@pytest.mark.parametrize(
    "header",
    [
        "",
        "a",
        '"A"',
        '"ab"',
        "'a'",
        '"a',
        'a"',
        'w/"a"',
        '"b" "a"',
        'nonsense, "a"',
        '"b,a"',
        "**",
        '*, "b"',
        '"a\x00"',
    ],
)
def test_does_not(header: str) -> None:
    """Other tags, and what is not a list of tags, match nothing; nothing raises."""
    assert not none_match(header, '"a"')


@given(st.lists(weakened, min_size=1, max_size=8), st.data())
def test_every_member_is_found(members: list[str], data: st.DataObject) -> None:
    """However a list is spaced, each of its members matches, weak against strong."""
    header = members[0]
    for member in members[1:]:
        header += data.draw(commas) + member
    assert list(entity_tags(header)) == members
    assert all(none_match(header, member.removeprefix("W/")) for member in members)


@given(st.text(), tags)
def test_nothing_raises(header: str, etag: str) -> None:
    """Any text at all is read without an error."""
    none_match(header, etag)
    unmodified_since(header, MOMENT)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        " Sun, 06 Nov 1994 08:49:37 GMT\t",
    ],
)
def test_three_formats(text: str) -> None:
    """All three formats of an HTTP-date are read."""
    assert http_date(text, 2026) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    ],
)
def test_other_dates_are_ignored(text: str) -> None:
    """What is not a valid HTTP-date is no condition."""
    assert http_date(text, 2026) is None
    assert not unmodified_since(text, MOMENT)


@pytest.mark.parametrize(("year", "full"), [(2026, 1994), (1990, 1994), (1930, 1894), (2044, 2094)])
def test_two_digit_years(year: int, full: int) -> None:
    """A two-digit year is never more than fifty years ahead (RFC 9110, section 5.6.7)."""
    moment = http_date("Sunday, 06-Nov-94 08:49:37 GMT", year)
    assert datetime.fromtimestamp(moment, UTC).year == full


@given(st.integers(0, 253402300799))
def test_dates_round_trip(epoch: int) -> None:
    """Every date that we write is read back, and is written as the standard library does."""
    text = imf_fixdate(epoch)
    assert http_date(text, 2026) == epoch
    assert text == format_datetime(datetime.fromtimestamp(epoch, UTC), usegmt=True)


@given(st.integers(0, 4_000_000_000), st.integers(-100_000, 100_000))
def test_since(epoch: int, later: int) -> None:
    """A thing is unmodified since any moment that is not before its last modification."""
    assert unmodified_since(imf_fixdate(max(0, epoch + later)), epoch) == (max(0, epoch + later) >= epoch)
