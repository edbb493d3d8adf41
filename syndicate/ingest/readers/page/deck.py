"""The deck of an article: the sentence or two between its headline and its body."""

import re

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_caption, soft, strong
from syndicate.ingest.readers.page.survey import Block, Survey

_NAMES = re.compile(
    "(?:^|-)(?:decks?|dek|sub-?titles?|sub-?heads?|sub-?headlines?|sub-?heading|standfirst|lead|leadin|lede|summary|intro|"
    "introduction|excerpt|abstract|description|strapline|chapo|chapeau|vorspann|bajada|copete|entradilla|ingress|"
    "sottotitolo|occhiello|sommario|bigode|linha-fina|resumo|anons|zajawka|leadtext)(?=-|$)"
)
_WORD = re.compile(r"\w+")
_TAGS = frozenset({"p", "h2", "h3", "div", "span", "section", "strong"})


_OUTER = frozenset({"article", "main", "body", "header"})
_FOREIGN = frozenset({"figure", "figcaption", "li", "nav", "footer", "aside", "form", "time"})


def find_deck(seen: Survey, heading: etree._Element | None, container: etree._Element, summary: str) -> list[Block]:
    """Return the blocks between headline and container that introduce the article.

    `summary` is what the page's head says the article is about. None when the headline is inside the container.
    """
    if heading is None or heading not in seen.span:
        return []
    start, end = seen.span[heading][1], seen.span[container][0]
    if not 0 < end - start < 60:
        return []
    known = {block.text for block in seen.inside(container)[:6]}
    found: dict[str, Block] = {}
    for block in seen.blocks[start:end]:
        if block.text not in known and _is_deck(block, _WORD.findall(summary.lower())):
            found.setdefault(block.text, block)
    return list(found.values())[:2]


def _is_deck(block: Block, summary: list[str]) -> bool:
    length = len(block.text)
    if block.where.tag not in _TAGS or not 30 <= length <= 700 or block.linked * 2 > length:
        return False
    own = _WORD.findall(block.text.lower())
    named = len(own) > 3 and own == summary[: len(own)]
    for element in [block.where, *block.where.iterancestors()][:3]:
        if element.tag in _FOREIGN:
            return False
        if element.tag in _OUTER:
            break
        names = called(element)
        if names and (is_caption(names) or strong(names)):
            return False
        named = named or bool(names and _NAMES.search(names))
        if names and not named and soft(names):
            return False
    return named or (block.where.tag in {"p", "h2"} and block.prose > 30)
