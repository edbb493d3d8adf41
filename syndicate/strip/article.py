"""An article's body without boilerplate, and a record of everything that was taken out."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from syndicate.model import Article, Image
from syndicate.normalize.pictures import picture_key
from syndicate.strip import audit, furniture
from syndicate.strip.document import Document
from syndicate.strip.engine import judge
from syndicate.strip.forest import shipped_forest
from syndicate.strip.memory import Memory
from syndicate.strip.rulings import Rulings
from syndicate.strip.sanitize import sanitize
from syndicate.strip.scorer import shipped_scorer
from syndicate.strip.verdicts import Scene
from syndicate.strip.voice import shipped_voice
from syndicate.strip.wording import Slots
from syndicate.strip.words import fold, words
from syndicate.text import squeeze, unescape

_NOTHING_LEARNED = Memory()
_NOTHING_RULED = Rulings()
_NO_TEXT = "template"  # the family of a page builder's code, which is no part of an article that could be lost
_SHOWING = ("<img", "<audio", "<video")
_SOURCE = re.compile(r'<img src="([^"]+)"')
_CAPTION = 200  # characters: with a picture or an episode, less is no article that could be lost
# Words of hosts that name no site.
_COMMON = frozenset({
    "www", "com", "org", "net", "info", "co", "uk", "de", "fr", "es", "it", "nl", "pl", "ru", "ua", "il", "jp", "kr",
    "cn", "the", "a", "of", "news", "blog", "feed", "feeds", "rss",
})  # fmt: skip


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
    1) is `held` for a person, and so is one that says nothing but boilerplate, or nothing, and shows nothing.
    """
    scene = set_scene(article, memory, rulings, site_name)
    document = Document(article.html, scene.slots.page)
    article = audit.with_licence(article, document.root)
    removed = tuple(furniture.remove(document, scene.slots.page))
    taken = furniture.taken(removed)
    before = taken + sum(len(block.text) for block in document.blocks)
    judged = judge(document.blocks, scene)
    gone = [item for item in judged if item.family]
    doubts = [audit.doubt(item) for item in judged if item.doubt.family and not item.family]
    article = audit.learn_from(article, [*gone, *audit.put_back(judged, scene)])
    cuts = [audit.record(document, item) for item in gone]
    cuts, doubts = ([audit.in_whole(found, article.cuts) for found in each] for each in (cuts, doubts))
    html = sanitize(document.render())
    text = document.text()
    captions = [item.text for item in gone if "figcaption" in item.block.tags and item.family != "credit"]
    images = _still_shown(article, html, captions) if removed or cuts else article.images
    taken_out = (*article.cuts, *removed, *cuts)
    cleaned = replace(article, html=html, text=text, images=images, cuts=taken_out, doubts=tuple(doubts))
    says = any(not (item.family or item.stopgap) for item in judged)
    code = sum(len(cut.text) for cut in cuts if cut.family == _NO_TEXT)
    gone_share = (taken - code + sum(len(cut.text) for cut in cuts)) / (before - code) if before > code else 0.0
    held = article.held or _reason_to_hold(cleaned, before, gone_share, hold_share, says=says, blank=not article.html)
    return replace(cleaned, held=held)


def _still_shown(article: Article, html: str, captions: list[str]) -> tuple[Image, ...]:
    """The article's pictures without those that its body showed and, cleaned, shows in no size: they were buttons.

    What was cut out of `captions` goes from those of the pictures, too.
    """
    written = [(image, image.url.replace("&", "&amp;")) for image in article.images]
    sizes = {picture_key(unescape(source)) for source in _SOURCE.findall(html)}
    shown = [
        image for image, url in written if url in html or url not in article.html or picture_key(image.url) in sizes
    ]
    for text in captions:
        for at, image in enumerate(shown):
            if text in image.caption:
                shown[at] = replace(image, caption=squeeze(image.caption.replace(text, "")))
    return tuple(shown)


def _reason_to_hold(cleaned: Article, before: int, gone: float, hold_share: float, *, says: bool, blank: bool) -> str:
    """Say why a person has to look at an article of `before` characters that lost a share of them, "" if nobody has.

    `says` tells whether anything is left of it that was not found to be boilerplate, `blank` whether it came without a
    body.
    """
    shows = cleaned.images or cleaned.enclosures or any(tag in cleaned.html for tag in _SHOWING)
    if shows and before < _CAPTION:
        return ""
    if not (says or shows) and (before or cleaned.cuts or not blank):
        return "nothing but boilerplate was found in it" if before else "there is no text in it"
    return f"{gone:.0%} of the text would be cut" if gone > hold_share else ""


def set_scene(article: Article, memory: Memory, rulings: Rulings, site_name: str) -> Scene:
    """Return what is known beside the blocks of an article."""
    page = article.link.split("?")[0].split("#")[0].rstrip("/")
    site = frozenset(words(site_name)) | frozenset(words(urlsplit(page).hostname or "")) - _COMMON
    authors = frozenset(fold(person.name) for person in article.authors if " " in person.name)
    slots = Slots(site, page, fold(article.title), authors)
    return Scene(article.title, slots, memory, rulings, shipped_voice(), shipped_scorer(), shipped_forest())
