"""The deck of an article: the sentence or two between its headline and its body."""

import re
from itertools import islice

from lxml import etree

from syndicate.ingest.readers.page.chrome import called, is_caption, soft, strong
from syndicate.ingest.readers.page.survey import Block, Survey, in_letters

_NAMES = re.compile(
    "(?:^|-)(?:decks?|dek|sub-?titles?|sub-?heads?|sub-?headlines?|sub-?heading|standfirst|lead|leadin|lede|summary|intro|"
    "introduction|excerpt|abstract|description|strapline|chapo|chapeau|vorspann|bajada|copete|entradilla|ingress|"
    "sottotitolo|occhiello|sommario|bigode|linha-fina|resumo|anons|zajawka|leadtext)(?=-|$)"
)
_SURE_NAMES = re.compile(
    "(?:^|-)(?:decks?|dek|sub-?titles?|sub-?headlines?|standfirst|strapline|chapo|chapeau|vorspann|copete|entradilla|"
    "sottotitolo|occhiello|sommario|bigode|linha-fina|zajawka)(?=-|$)"
)
_SHORTEST, _LONGEST = 30, 700  # characters
_WORD = re.compile(r"\w+")
_TAGS = frozenset({"p", "h2", "h3", "div", "span", "section", "strong"})


_OUTER = frozenset({"article", "main", "body", "header"})
_FOREIGN = frozenset({"figure", "figcaption", "li", "nav", "footer", "aside", "form", "time"})


def find_deck(seen: Survey, heading: etree._Element | None, container: etree._Element, summary: str) -> list[Block]:
    """Return the blocks between headline and container that introduce the article.

    `summary` is what the page's head says the article is about. Nothing when the headline is inside the container.
    """
    if heading is None or heading not in seen.span:
        return []
    start, end = seen.span[heading][1], seen.span[container][0]
    if not 0 < end - start < 60:
        return []
    known = {block.text for block in seen.inside(container)[:6]}
    found: dict[str, Block] = {}
    for number, block in enumerate(seen.blocks[start:end]):
        if block.text not in known and _is_deck(block, _WORD.findall(summary.lower()), first=number == 0):
            found.setdefault(block.text, block)
    return list(found.values())[:2]


def is_named_deck(block: Block) -> bool:
    """Whether a block, or the box around it, is called what only decks are called, and says a sentence or two."""
    around = (block.where, *islice(block.where.iterancestors("div", "p"), 2))
    named = any(_SURE_NAMES.search(called(element)) for element in around)
    return named and not block.linked and in_letters(block.text) >= _SHORTEST and len(block.text) <= _LONGEST


def _is_deck(block: Block, summary: list[str], *, first: bool) -> bool:
    length = len(block.text)
    if (
        block.where.tag not in _TAGS
        or length > _LONGEST
        or in_letters(block.text) < _SHORTEST
        or block.linked * 2 > length
    ):
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
    below = first and block.where.tag == "h2" and not block.linked  # right below the headline
    return named or below or (block.where.tag == "p" and block.prose > 30)
