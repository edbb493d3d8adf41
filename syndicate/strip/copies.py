"""Second copies: paragraphs that a source sent twice, which is no reason to read them twice."""

import re
from collections import Counter
from collections.abc import Iterator

from syndicate.normalize.byline import behind_dateline
from syndicate.strip.verdicts import Judged

_HOUR = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_STAMP = 60  # characters: where a date and a time stand in a line
_COPIED, _COPY = 80, 120  # characters that a sentence, and that anything else needs to be a copy worth cutting


def duplicates(judged: list[Judged]) -> None:
    """Cut the second copy of a long paragraph, and the lines around it that stand around the first one, too.

    What comes a third time is no accident: it is a question put to everybody, or a line of a plan. Nor is what is
    quoted again, said again at another hour, or a step of a second recipe. A dateline does not make a difference.
    """
    texts = [(behind_dateline(item.block.text) if item.prose else item.block.text).casefold() for item in judged]
    counts = Counter(texts)
    first: dict[str, int] = {}
    for at, (item, text) in enumerate(zip(judged, texts, strict=True)):
        long = len(text) >= (_COPIED if item.sentence else _COPY)
        if not long or counts[text] != 2 or item.family or item.kept or item.block.linked:
            continue
        original = first.setdefault(text, at)
        beside = {step: list(_copied_beside(texts, original, at, step)) for step in (-1, 1)} if original != at else {}
        if original != at and not _is_said_again(judged, texts, counts, at) and not _is_dated(judged, at, beside[-1]):
            item.cut("duplicate", "repeated paragraph", "the same text stands above")
            for lines in beside.values():
                for line in lines:
                    if counts[texts[line]] == 2 and not judged[line].family and not judged[line].protected:
                        judged[line].cut("duplicate", "beside a repeated paragraph", "the same lines stand above")


def _is_said_again(judged: list[Judged], texts: list[str], counts: Counter[str], at: int) -> bool:
    """Whether a copy has its reason: it is quoted, or stands in a list of which other items are none."""
    item, tags = judged[at], judged[at].block.tags
    if "blockquote" in tags or (at and judged[at - 1].block.text.endswith((":", "："))):
        return True
    home = item.block.container.getparent() if "li" in tags else None
    listed = [text for other, text in zip(judged, texts, strict=True) if other.block.container.getparent() is home]
    return home is not None and any(counts[text] != 2 for text in listed)


def _is_dated(judged: list[Judged], at: int, above: list[int]) -> bool:
    """Whether a date and a time of their own stand above a copy and its lines: it is an update that says the same."""
    first = above[-1] if above else at
    return first > 0 and _HOUR.search(judged[first - 1].block.text[:_STAMP]) is not None


def _copied_beside(texts: list[str], original: int, at: int, step: int) -> Iterator[int]:
    """Give the places on one side of a copy, as far as they hold what stands on that side of the original."""
    first, original, at = at, original + step, at + step
    while 0 <= original < first and original < at < len(texts) and texts[original] == texts[at]:
        yield at
        original, at = original + step, at + step
