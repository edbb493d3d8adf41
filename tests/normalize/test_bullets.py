"""Lists of word processors, whose items are paragraphs."""

import pytest

from syndicate.normalize.markup import read_markup

BLANKS = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span>"


def _html(*lines):
    return read_markup("".join(f"<p>{line}</p>" for line in lines), "", "").html


@pytest.mark.parametrize("sign", ["·", "o", "§", "–", "\uf0b7"])
@pytest.mark.parametrize(
    "mark", ["<span style='mso-list:Ignore'>{}{}</span>", "{}{}", "<![if !supportLists]>{}{}<![endif]>"]
)
def test_paragraphs_behind_bullets_are_a_list(sign, mark):
    """A bullet and a run of fixed blanks before each make a list of those that stand on end, without the bullets."""
    bullet = mark.format(sign, BLANKS)
    html = _html(
        "They want:", f"{bullet}the <b>east</b> arch", f"{bullet}the <i>road</i>", "No more.", f"{bullet}<b>Paint</b>"
    )
    items = "<ul><li>the <b>east</b> arch</li><li>the <i>road</i></li></ul>"
    assert html == f"<p>They want:</p>{items}<p>No more.</p><ul><li><b>Paint</b></li></ul>"


@pytest.mark.parametrize(
    "line", ["–&nbsp;Where is she?", f"*{BLANKS}At noon.", f"1.{BLANKS}Close it.", f"©{BLANKS}Quay Post"]
)
def test_other_signs_stay_where_they_are(line):
    """Speech behind a dash, the mark of a footnote, a number and a copyright sign are words of the text."""
    assert "<ul>" not in _html("They said:", line)
