"""Second copies: paragraphs that a source sent twice, which is no reason to read them twice."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from syndicate.normalize.datelines import behind_dateline
from syndicate.normalize.tree import HEADINGS
from syndicate.strip.verdicts import Judged
from syndicate.strip.words import SENTENCE

_HOUR = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
# What a congregation or a choir says again: "R. Lord, hear us", "Refrain: ...", "℟ ...".
_RESPONSE = re.compile(
    r"[(\[*]?(?:℟|R(?:/|\.|:)|R[ée]sp?\.|all\s?:|alle\s?:|(?:response|refrain|chorus|antiphon|respuesta|estribillo|r[ée]ponse"
    r"|refr[áa]n|refr[ãa]o|ritornello|risposta|antwort|kehrvers|antifona|omkv[æa]d|refr[äe]ng|refr|припев|приспів)\b)",
    re.IGNORECASE,
)
_VERSE = 125  # characters: in verse, no line is longer
_STAMP = 60  # characters: where a date and a time stand in a line
_COPIED, _COPY = 80, 120  # characters that a sentence, and that anything else needs to be a copy worth cutting


def duplicates(judged: list[Judged]) -> None:
    """Cut the second copy of a long paragraph, and the lines around it that stand around the first one, too.

    What comes a third time is no accident: it is a question put to everybody, or a line of a plan. Nor is what is
    quoted again, said again at another hour, or a step of a second recipe, a response, or in verse a refrain behind
    a single line. A dateline does not make a difference.
    """
    texts = [(behind_dateline(item.block.text) if item.prose else item.block.text).casefold() for item in judged]
    counts = Counter(texts)
    mixed = {_home(item) for item, text in zip(judged, texts, strict=True) if counts[text] != 2}
    in_verse = all(len(item.block.text) <= _VERSE for item in judged if not item.family)
    first: dict[str, int] = {}
    stay: set[int] = set()
    for at, (item, text) in enumerate(zip(judged, texts, strict=True)):
        long = len(text) >= (_COPIED if item.sentence else _COPY)
        if not long or counts[text] != 2 or item.family or item.kept or item.block.linked:
            continue
        original = first.setdefault(text, at)
        listed = "li" in item.block.tags and _home(item) in mixed
        if original == at or at in stay or listed or _is_quoted(judged, at):
            continue
        if _RESPONSE.match(text) or (in_verse and _is_refrain(judged, original, at)):
            item.ask("duplicate", "copy", "repeated paragraph", "it may be a refrain")
            item.piece = True
            continue
        above, below = (list(_copied_beside(texts, original, at, step)) for step in (-1, 1))
        if _is_dated(judged, above[-1] if above else at):
            stay.update(below)  # what comes in one run has one reason
            continue
        item.cut("duplicate", "copy", "repeated paragraph", "the same text stands above")
        for line in (*above, *below):
            if counts[texts[line]] == 2 and not judged[line].family and not judged[line].protected:
                judged[line].cut("duplicate", "beside", "beside a repeated paragraph", "the same lines stand above")


def _home(item: Judged) -> HtmlElement | None:
    """The list that an item of one stands in; a list with items that are no copies has its reason to say one again."""
    return item.block.container.getparent()


def _is_quoted(judged: list[Judged], at: int) -> bool:
    return "blockquote" in judged[at].block.tags or (at > 0 and judged[at - 1].announces)


def _is_refrain(judged: list[Judged], original: int, at: int) -> bool:
    """Whether one line that stays, and nothing else, stands between a sentence and the same sentence again."""
    text = judged[at].block.text
    between = judged[at - 1]
    subhead = between.block.tag in HEADINGS or between.block.text.isupper()
    alone = at - original == 2 and not between.family and not subhead and not SENTENCE.search(text)
    return alone and judged[original].block.text == text


def _is_dated(judged: list[Judged], first: int) -> bool:
    """Whether a date and a time of their own stand above a run of copies: it is an update that says the same."""
    return first > 0 and _HOUR.search(judged[first - 1].block.text[:_STAMP]) is not None


def _copied_beside(texts: list[str], original: int, at: int, step: int) -> Iterator[int]:
    """Give the places on one side of a copy, as far as they hold what stands on that side of the original."""
    first, original, at = at, original + step, at + step
    while 0 <= original < first and original < at < len(texts) and texts[original] == texts[at]:
        yield at
        original, at = original + step, at + step
