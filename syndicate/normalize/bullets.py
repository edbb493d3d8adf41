"""Lists that a word processor writes as paragraphs, each with a bullet and a run of fixed blanks, become lists."""

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

# A bullet, or a sign or letter that is one in a font of signs, and fixed blanks up to where the words begin.
_BULLET = re.compile(r"\s*[·•‣◦▪■●○➢►✓✔§–oqvØü\uf0a0-\uf0ff-]\s?(?:\xa0\s?){3,}(?=\S)")
_NODES = 8  # pieces of text that a bullet and its blanks may stand in


def make_lists(body: HtmlElement) -> None:
    """Make items of paragraphs behind bullets, and a list of those that stand on end."""
    made: set[HtmlElement] = set()
    for line in list(body.iter("p")):
        bullet = _BULLET.match("".join(islice(line.itertext(), _NODES)))
        if bullet is None:
            continue
        _shorten(line, bullet.end())
        above, home = line.getprevious(), line.getparent()
        if above is None or above not in made or (above.tail or "").strip():
            above = line.makeelement("ul")
            home.insert(home.index(line), above)
            made.add(above)
        above.tail = line.tail
        line.tag, line.tail = "li", None
        above.append(line)


def _shorten(line: HtmlElement, count: int) -> None:
    """Take characters off the front of a line, and the marks that held nothing else."""
    for event, node in etree.iterwalk(line, events=("start", "end")):
        part = "text" if event == "start" else "tail"
        text = getattr(node, part) or ""
        setattr(node, part, text[count:])
        count -= min(count, len(text))
        if not count:
            break
    for mark in reversed(list(line.iter("span", "font", "b", "i"))):
        if not (len(mark) or mark.text):
            mark.drop_tag()
