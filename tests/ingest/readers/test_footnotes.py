"""Footnotes of Markdown are numbered, and stand at the end."""

import pytest

from syndicate.ingest.readers import read
from syndicate.ingest.readers.footnotes import with_notes
from syndicate.model import Payload, SourceSpec

TEXT = """The mill turns.[^b] It has for long.[^1][^none]

[^1]: Since 1702, says
the deed.

    It was found in May.
[^b]: By *water*.

So it does.

1. One
2. Two
"""


def test_notes_follow_in_the_order_of_their_marks():
    """Those of several lines or paragraphs come whole, and a list that ends the text does not run into theirs."""
    spec = SourceSpec("s", "folder", "/drop")
    [entry] = read(Payload(TEXT.encode(), "file:///drop/mill.md"), spec).entries
    html = entry.body.replace("\n", "")
    assert html.startswith(
        "<p>The mill turns.<sup>1</sup> It has for long.<sup>2</sup>[^none]</p><p>So it does.</p><ol>"
    )
    assert html.endswith(
        "</ol><!-- notes --><ol><li>By <em>water</em>.</li>"
        "<li>Since 1702, says the deed. It was found in May.</li></ol>"
    )


@pytest.mark.parametrize("text", ["A class [^a-z] of letters.", "```\n[^1]: code\n```\nSo.", "None at all."])
def test_what_is_no_note_stays(text):
    """Without a note a mark is words, and in code both are code."""
    assert with_notes(text) == text


def test_marks_in_code_are_code():
    """Also where a note has the same name."""
    code = "```\nx[^1]\n\n```\nas in `y[^1]` or ``z`[^1]``, it turns."
    assert with_notes(f"{code}[^1]\n\n[^1]: So.").startswith(f"{code}<sup>1</sup>\n")
