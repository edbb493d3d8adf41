"""Stripping: an article's body without boilerplate, and a record of everything that was taken out.

`strip` is the room's door. It is pure: what is known of the source comes in as a `Memory`, what an admin ruled as
`Rulings`, and the cleaned article goes out.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from syndicate.model import Article, Cut
from syndicate.strip.blocks import Document
from syndicate.strip.engine import Judged, judge
from syndicate.strip.families import Slots
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings
from syndicate.strip.sanitize import sanitize
from syndicate.strip.words import fold, words

__all__ = ["Memory", "Rulings", "fingerprint", "strip"]


def strip(
    article: Article,
    memory: Memory = Memory(),
    rulings: Rulings = Rulings(),
    *,
    site_name: str = "",
    hold_share: float = 0.6,
) -> Article:
    """Return the article without boilerplate, sanitized, with its plain text, its cuts and its doubts.

    `site_name` is what the source calls itself. An article that would lose more than `hold_share` of its text (0 to
    1), or all of it, is `held` for a person.
    """
    document = Document(article.html)
    before = sum(len(block.text) for block in document.blocks)
    judged = judge(document.blocks, article.title, _slots(article, site_name), memory, rulings)
    cuts = tuple(_cut(document, item) for item in judged if item.family and not item.doubtful)
    html = sanitize(document.render())
    text = "\n".join(block.text for block in Document(html).blocks)
    share = sum(len(cut.text) for cut in cuts) / before if before else 0.0
    held = article.held
    if not text and before:
        held = held or "nothing but boilerplate was found in it"
    elif share > hold_share:
        held = held or f"{share:.0%} of the text would be cut"
    return replace(article, html=html, text=text, cuts=article.cuts + cuts, held=held)


def _slots(article: Article, site_name: str) -> Slots:
    host = (urlsplit(article.link).hostname or "") if article.link else ""
    site = frozenset(words(site_name)) | frozenset(words(host.removeprefix("www.")))
    return Slots(site, host, fold(article.title))


def _cut(document: Document, item: Judged) -> Cut:
    block = item.block
    html = document.remove(block, media=item.family != "credit")
    return Cut(block.text, item.family, item.reason, item.evidence, block.start, block.end, html[:4000])
