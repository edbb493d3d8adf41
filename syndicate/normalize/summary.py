"""The few words by which an article is announced."""

from syndicate.text import plain, shorten, squeeze

LENGTH = 300


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
