"""What was cut becomes a record, and what the record is worth becomes a field of the article."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from syndicate.model import Article, Cut, Image, Original
from syndicate.strip.blocks import Block, Document
from syndicate.strip.verdicts import Judged
from syndicate.strip.words import fold

_LABEL = re.compile(
    r"^\W*[^:：]{0,40}[:：]\s*|^\W*(?:photos?|images?|pictures?|foto|fotos)(?:\s+(?:by|via|courtesy of|de|von|di))?\s+",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(r"^[^:：|]{0,40}[:：|]\s*")
_SEPARATOR = re.compile(r"\s*[,;|·•/、，#]\s*")
_PLACE = re.compile(
    r"\b(?:on|in|at|by|from|with|auf|in|bei|von|en|por|em|no|na|sur|dans|par|su|da|op|bij|på|w|z|v|на|в|у)\s+(?:the\s+)?(?P<name>[^\W\d_][^.,;()|]{2,60})"
)
_MOST_TAGS = 20


def record(document: Document, item: Judged) -> Cut:
    """Take a judged block out of the document and return the record of it."""
    block = item.block
    start = block.start + len(" ".join(block.raw[: item.start].split()))
    text = item.text
    if item.start:
        start += 1
    html = document.remove(block, item.start, item.end, media=item.family not in {"credit", "duplicate"})
    return Cut(text, item.family, item.reason, item.evidence, start, start + len(text), html[:4000])


def doubt(item: Judged) -> Cut:
    """Return a record of a block that stays although it may be boilerplate."""
    family, reason, evidence = item.doubt
    return Cut(item.text, family, reason, evidence, item.block.start, item.block.end)


def learn_from(article: Article, cut: Iterable[Judged]) -> Article:
    """Return the article with the fields that its cut blocks fill: rights, credit, original, categories, bio."""
    for item in cut:
        match item.family:
            case "copyright" | "syndication" if _owns(item):
                article = replace(article, rights=_joined(article.rights, item.text))
            case "credit":
                article = replace(article, images=_credited(article.images, item.block, item.text))
            case "tags":
                article = replace(article, categories=_with_tags(article.categories, item.block))
            case "bio":
                article = replace(article, bio=_joined(article.bio, item.text))
        if item.family == "syndication" and article.original is None:
            article = replace(article, original=_original(item, article))
    return article


def _owns(item: Judged) -> bool:
    """Whether a notice says who owns an article or who may use it; an offer of syndication alone does not."""
    words, spoken = item.reading.words, item.reading.concepts.get("rights", ())
    return item.family == "copyright" or any(not words[at].startswith("syndicat") for at in spoken)


def _joined(known: str, new: str) -> str:
    return known if fold(new) in fold(known) else f"{known} {new}".strip()


def _credited(images: tuple[Image, ...], block: Block, text: str) -> tuple[Image, ...]:
    """Give the credit to the picture it stands below, or to the first without one."""
    credit = _LABEL.sub("", text, count=1).strip(" ()[].") or text
    near = block.container.xpath("(.//img | preceding::img)[last()]/@src")
    chosen = next((at for at, image in enumerate(images) if near and image.url == near[0]), None)
    if chosen is None:
        chosen = next((at for at, image in enumerate(images) if not image.credit), None)
    if chosen is None or images[chosen].credit:
        return images
    return (*images[:chosen], replace(images[chosen], credit=credit), *images[chosen + 1 :])


def _with_tags(known: tuple[str, ...], block: Block) -> tuple[str, ...]:
    """Add the tags of a list; a label alone ("Tags:") names none."""
    linked = [" ".join("".join(link.itertext()).split()) for link in block.links]
    if not linked and not _TAG_LABEL.search(block.text) and len(block.text.split()) > 5:
        return known
    found = linked or _SEPARATOR.split(_TAG_LABEL.sub("", block.text))
    seen = {fold(name) for name in known}
    new = [name for name in (tag.strip(" #.:") for tag in found) if 1 < len(name) <= 60 and fold(name) not in seen]
    return (*known, *dict.fromkeys(new))[: max(_MOST_TAGS, len(known))]


def _original(item: Judged, article: Article) -> Original | None:
    """Read from a republication notice where the article first appeared; None if that is its own source."""
    own = urlsplit(article.link).hostname or ""
    for link in reversed(item.block.links):
        name = " ".join("".join(link.itertext()).split())
        url = link.get("href") or ""
        if url.startswith(("http://", "https://")) and fold(name) != fold(article.title):
            return None if (urlsplit(url).hostname or "") == own else Original(name, url)
    named = _PLACE.search(item.text.replace(article.title, ""))
    return (
        Original(named["name"].strip())
        if named and not item.reading.slots.site & set(fold(named["name"]).split())
        else None
    )
