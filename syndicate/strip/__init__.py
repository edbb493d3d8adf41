"""Stripping: an article's body without boilerplate, and a record of everything that was taken out.

`strip` is the room's door. It is pure: what is known of the source comes in as a `Memory`, what an admin ruled as
`Rulings`, and the cleaned article goes out.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from syndicate.model import Article
from syndicate.strip import audit, furniture
from syndicate.strip.blocks import Document
from syndicate.strip.engine import judge
from syndicate.strip.forest import forest
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings
from syndicate.strip.sanitize import sanitize
from syndicate.strip.scorer import scorer
from syndicate.strip.verdicts import Scene
from syndicate.strip.voice import voice
from syndicate.strip.wording import Slots
from syndicate.strip.words import fold, words

__all__ = ["Memory", "Rulings", "fingerprint", "strip"]

_NOTHING_LEARNED = Memory()
_NOTHING_RULED = Rulings()
_COMMON = frozenset(
    [
        "www",
        "com",
        "org",
        "net",
        "info",
        "co",
        "uk",
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "pl",
        "ru",
        "ua",
        "il",
        "jp",
        "kr",
        "cn",
        "the",
        "a",
        "of",
        "news",
        "blog",
        "feed",
        "feeds",
        "rss",
    ]
)


def strip(
    article: Article,
    memory: Memory = _NOTHING_LEARNED,
    rulings: Rulings = _NOTHING_RULED,
    *,
    site_name: str = "",
    hold_share: float = 0.6,
) -> Article:
    """Return the article without boilerplate, sanitized, with its plain text, its cuts and its doubts.

    `site_name` is what the source calls itself. An article that would lose more than `hold_share` of its text (0 to
    1), or all of it, is `held` for a person.
    """
    scene = set_scene(article, memory, rulings, site_name)
    document = Document(article.html)
    removed = tuple(furniture.remove(document, scene.slots.page))
    before = sum(len(block.text) for block in document.blocks)
    judged = judge(document.blocks, scene)
    gone = [item for item in judged if item.family]
    doubts = tuple(audit.doubt(item) for item in judged if item.doubt[0] and not item.family)
    article = audit.learn_from(article, gone)
    cuts = tuple(audit.record(document, item) for item in gone)
    html = sanitize(document.render())
    text = document.text()
    held = article.held or _reason_to_hold(before, sum(len(cut.text) for cut in cuts), text, hold_share)
    return replace(article, html=html, text=text, cuts=(*article.cuts, *removed, *cuts), doubts=doubts, held=held)


def _reason_to_hold(before: int, gone: int, text: str, hold_share: float) -> str:
    if before and not text:
        return "nothing but boilerplate was found in it"
    if gone > hold_share * before:
        return f"{gone / before:.0%} of the text would be cut"
    return ""


def set_scene(article: Article, memory: Memory, rulings: Rulings, site_name: str) -> Scene:
    """Return what is known beside the blocks of an article."""
    page = article.link.split("?")[0].split("#")[0].rstrip("/")
    site = frozenset(words(site_name)) | frozenset(words(urlsplit(page).hostname or "")) - _COMMON
    authors = frozenset(fold(person.name) for person in article.authors if " " in person.name)
    slots = Slots(site, page, fold(article.title), authors)
    return Scene(article.title, slots, memory, rulings, voice(), scorer(), forest())
