"""Reasons are one line for people, whatever an exception holds."""

import pytest

from syndicate.errors import FetchError
from syndicate.ingest.reasons import told


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FetchError("answered 500\x00 no\r\n\x1b[2Jluck "), "answered 500 no [2Jluck"),
        (ValueError("no such luck\n[SQL: a row]"), "unexpected ValueError: no such luck"),
        (AssertionError(), "unexpected AssertionError: it says no more"),
    ],
)
def test_a_reason_is_one_line(error: Exception, reason: str) -> None:
    """Control characters and line breaks go; a bug says what it is, even where it says nothing, and quotes no rows."""
    assert told(error) == reason
