"""The few words by which an article is announced."""

import re

from syndicate.text import plain, shorten, squeeze, unescape

LENGTH = 300
_SOLE_LINK = re.compile(r"<p><a [^<>]*>([^<>]*)</a></p>")


def summarize(text: str, declared: str = "") -> str:
    """At most about 300 characters of plain text: the source's own summary, else the article's first paragraphs.

    `text` is the article, one block a line. A declared summary that is only the article's beginning, or hardly
    says anything, gives way to the first paragraphs in full.
    """
    own = plain(declared[: 20 * LENGTH]) if declared else ""
    beginning = squeeze(text[:600])
    if own and len(own) >= 20 and own[:40] != beginning[:40]:
        return shorten(own, LENGTH)
    pieces: list[str] = []
    for line in text[: 10 * LENGTH].split("\n"):
        pieces.append(line)
        if sum(map(len, pieces)) >= LENGTH:
            break
    return shorten(squeeze(" ".join(pieces)), LENGTH) or shorten(own, LENGTH)


def without_link_lines(text: str, html: str) -> str:
    """An article's text without the lines that are nothing but a link in their paragraphs, as players are.

    They announce nothing. An article of nothing else keeps them.
    """
    links = {squeeze(unescape(label)) for label in _SOLE_LINK.findall(html)}
    said = "\n".join(line for line in text.split("\n") if line not in links) if links else text
    return said or text
