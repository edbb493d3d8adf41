"""Dates of every common shape become UTC; impossible ones become nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.readers.dates import parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Tue, 03 Mar 2020 14:05:06 +0100", "2020-03-03T13:05:06"),
        ("Tue, 3 Mar 20 14:05 EST", "2020-03-03T19:05:00"),
        ("Tue, 03 Mar 20 14:05:06 -0800", "2020-03-03T22:05:06"),
        ("3 Mar 20 14:05 (GMT+01:00)", "2020-03-03T13:05:00"),
        ("Tue Mar 03 14:05:06 +0000 2020", "2020-03-03T14:05:06"),
        ("14:05 03-Mar-2020", "2020-03-03T14:05:00"),
        ("Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06"),
        ("Thu, 01 Jan 2004 19:48:21 GMT-0800", "2004-01-02T03:48:21"),
        ("2020-03-03T14:05:06.123+05:30", "2020-03-03T08:35:06"),
        ("2020-03-03 14:05:06", "2020-03-03T14:05:06"),
        ("20200303T140506Z", "2020-03-03T14:05:06"),
        ("2020-03-03T24:00:00Z", "2020-03-04T00:00:00"),
        ("2003-W10-3", "2003-03-05T00:00:00"),
        ("2020-03", "2020-03-01T00:00:00"),
        ("3. März 2020", "2020-03-03T00:00:00"),
        ("mar. 3 déc. 2020 10:00", "2020-12-03T10:00:00"),
        ("3 de marzo de 2020 5:30 PM", "2020-03-03T17:30:00"),
        ("Вт, 03 мар 2020 14:05:06 +0300", "2020-03-03T11:05:06"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00"),
        ("2020年3月3日 下午 5:30", "2020-03-03T17:30:00"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17"),
        ("12/31/1999 5:30 PM", "1999-12-31T17:30:00"),
        ("31.12.1999 17:30", "1999-12-31T17:30:00"),
        ("1583236000", "2020-03-03T11:46:40"),
    ],
)
def test_known_shapes(text, iso):
    """The shape is read as a person would read it."""
    assert parse_date(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "Mon, 30 Feb 2020 00:00:00 GMT",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-10:00",
        None,
        "Thu, 01 Jan 1970 01:00:00 +0100",
        "1970-01-01",
    ],
)
def test_impossible_dates_are_none(text):
    """No date is better than a wrong one."""
    assert parse_date(text) is None


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. T]\d{1,4}[ T]\d\d:\d\d [+-]\d{4}"))
def test_any_text_is_harmless(text):
    """Any text gives a UTC date or None."""
    found = parse_date(text)
    assert found is None or found.utcoffset().total_seconds() == 0


@given(st.integers(1, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_iso_and_rfc822_agree(moment):
    """What other programs write is read back to the second."""
    whole = moment.replace(microsecond=0)
    assert parse_date(whole.isoformat()) == whole
    assert parse_date(whole.strftime("%a, %d %b %Y %H:%M:%S GMT")) == whole
