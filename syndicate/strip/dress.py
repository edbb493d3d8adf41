"""How a block is marked up beside the article's paragraphs: what is set apart is often no part of the text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median_low

from lxml.html import HtmlElement

from syndicate.normalize.credits import parted
from syndicate.strip.blocks import Block
from syndicate.strip.verdicts import Judged

NAMES = ("emphasized", "unlike paragraphs", "line above", "last line above", "pictured", "introduced", "only line")
_EMPHASIS = frozenset({"em", "i", "strong", "b", "small", "cite", "sub", "sup", "font"})
_MOST = 0.5  # share of a paragraph's characters


class Dress:
    """How each block of an article is marked up."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._judged = judged
        prose = [item.block for item in judged if item.prose]
        self._usual = _usual(judged)
        # Where the article itself is set in bold, bold tells nothing.
        self._all_emphasized = bool(prose) and median_low(map(_emphasized, prose)) > _MOST
        self._lines = judged[-1].block.lines if judged else 0
        self._introduced = list(_introduced(judged))
        self._sharing = Counter(id(item.block.container) for item in judged)

    def view(self, at: int) -> Iterator[float]:
        """Give what is told of a block, in the order of `NAMES`."""
        block = self._judged[at].block
        above = self._judged[at - 1].block.lines if at else 0
        yield 0.0 if self._all_emphasized else _emphasized(block)
        yield float(self._usual is not None and _make(block) != self._usual)
        yield float(block.lines > above)
        yield float(0 < self._lines == block.lines)
        yield float(bool(block.media))
        yield self._introduced[at]
        yield float(self._sharing[id(block.container)] == 1)


def _usual(judged: Sequence[Judged]) -> tuple[str, frozenset[str], int] | None:
    """Return how most paragraphs are made; None where that has a class which nothing else has, and tells nothing."""
    usual = Counter(_make(item.block) for item in judged if item.prose).most_common(1)
    made = usual[0][0] if usual else None
    return made if made and (not made[1] or sum(_make(item.block) == made for item in judged) > 1) else None


def _make(block: Block) -> tuple[str, frozenset[str], int]:
    return block.tag, block.classes, len(block.tags)


def _introduced(judged: Sequence[Judged]) -> Iterator[float]:
    """Say of each block whether a line that stays and ends in a colon stands above it, or above its list."""
    said = False
    for item in judged:
        yield float(said)
        said = not item.family and (item.announces or (said and not item.prose))


def _emphasized(block: Block) -> float:
    """Return the share (0 to 1) of a block's characters that are set in italics, bold or small print."""
    if all(piece.node is block.container for piece in block.pieces):
        return 0.0  # most paragraphs are one run of text
    total = sum(len(piece.text) for piece in block.pieces)
    inside = sum(len(piece.text) for piece in block.pieces if _is_inside(piece.node, block.container, tail=piece.tail))
    return inside / total if total else 0.0


def _is_inside(node: HtmlElement | None, container: HtmlElement, *, tail: bool) -> bool:
    node = node.getparent() if tail and node is not None else node
    while node is not None and node is not container:
        if node.tag in _EMPHASIS:
            return True
        node = node.getparent()
    return False


def is_credit(block: Block) -> bool:
    """Whether a block is all inside an element that its author calls a credit, and names somebody."""
    spoken = [piece for piece in block.pieces if piece.text.strip()]
    called = all(not piece.tail and "credit" in piece.node.get("class", "") for piece in spoken)
    caption, credit = parted(block.text, certain=True) if called else ("", "")
    return bool(credit and not caption)
