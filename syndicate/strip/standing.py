"""Standing matter: what a source puts above or below nearly every article, whatever it says.

Coming back is no evidence alone: a newsroom reuses its paragraphs of background, and a prayer ends each day as the day
before. What stands in four of five articles of a source, beyond everything that is this article's own, and does not
sound like a story, is neither.
"""

from collections.abc import Iterable

from syndicate.strip.memory import Memory
from syndicate.strip.verdicts import Judged

_ARTICLES, _SHARE = 5, 0.8
_TOLD, _SAID = -1.8, -3.5  # log odds: a sentence, or a line, that sounds less like boilerplate may be the story's
_LINKED, _LABEL = 0.6, 6  # share of links, and words: a shorter line may head what follows


def mark(judged: list[Judged], memory: Memory) -> None:
    """Mark the standing matter at the head and at the tail of an article."""
    if memory.articles < _ARTICLES:
        return
    below = _run(reversed(judged), memory)
    above = _run(judged, memory)
    while above and _is_label(above[-1]):
        above.pop()  # it heads the article's own
    for item in (*above, *below):
        item.standing = True


def _run(judged: Iterable[Judged], memory: Memory) -> list[Judged]:
    """Return the standing blocks from an edge up to the first one that is the article's own.

    What a rule describes may lie between. If what ends the run comes back as often, but sounds like a story, all of it
    may be a prayer of every day, or the instructions below each release.
    """
    found: list[Judged] = []
    for item in judged:
        if not returns(item, memory):
            if not item.rules:
                return found
        elif item.protected or (item.loudness < (_TOLD if item.sentence else _SAID) and item.block.linked <= _LINKED):
            return []
        else:
            found.append(item)
    return []  # all of it stands elsewhere, too: another version of an article


def returns(item: Judged, memory: Memory) -> bool:
    """Whether a block stands in nearly every article of its source."""
    return item.trace is not None and item.trace.seen >= _ARTICLES and memory.share(item.trace) >= _SHARE


def _is_label(item: Judged) -> bool:
    return item.reading.size < _LABEL and item.block.linked <= _LINKED and not item.sentence
