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
_TAGS = frozenset({"p", "h2", "h3", "div", "span", "section", "strong"})


def find_deck(seen: Survey, heading: etree._Element | None, container: etree._Element) -> list[Block]:
    """Return the blocks between headline and container that introduce the article; none when the headline is inside."""
    if heading is None or heading not in seen.span:
        return []
    start, end = seen.span[heading][1], seen.span[container][0]
    body = {block.text for block in seen.inside(container)[:6]}
    between = [block for block in seen.blocks[start:end] if _is_deck(block, body)]
    return between[:2] if end - start < 60 else []


def _is_deck(block: Block, body: set[str]) -> bool:
    length = len(block.text)
    if block.where.tag not in _TAGS or not 30 <= length <= 700 or block.linked * 2 > length or block.text in body:
        return False
    named = False
    for element in [block.where, *block.where.iterancestors()][:3]:
        names = called(element)
        if element.tag in {"figure", "figcaption", "li", "nav", "footer", "aside", "article", "main", "body"}:
            return named and element.tag in {"article", "main", "body"} or (not named and element.tag in {"article", "main"} and block.prose > 30)
        if names and (is_caption(names) or strong(names)):
            return False
        named = named or bool(names and _NAMES.search(names))
        if names and not named and soft(names):
            return False
    return named or (block.where.tag in {"p", "h2"} and block.prose > 30)
