"""What was cut becomes a record, and what the record is worth becomes a field of the article."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from lxml import etree
from lxml.html import HtmlElement

from syndicate.model import Article, Cut, Image, Person
from syndicate.normalize.byline import byline, signature
from syndicate.normalize.credits import parted
from syndicate.normalize.tree import BLOCK_TAGS, text_of
from syndicate.strip.blocks import Block
from syndicate.strip.document import Document
from syndicate.strip.families import matching
from syndicate.strip.links import is_licence
from syndicate.strip.origins import origin, tells
from syndicate.strip.verdicts import HEARD, INNER, Judged, Scene
from syndicate.strip.wording import Wording
from syndicate.strip.words import SENTENCE, fold, words

_TAG_LABEL = re.compile(r"^[^:：|]{0,40}[:：|]\s*")
_SEPARATOR = re.compile(r"\s*[,;|·•/、，#]\s*")
_OWED = frozenset({"copyright", "syndication"})  # families of what an owner says of the article
_BESIDE_PICTURES = INNER | {"duplicate"}  # families whose blocks leave their pictures to the article
# Families of what speaks of a picture, of a mail, or stays as a first copy.
_NO_OWNERS = frozenset({"credit", "email", "duplicate"})
_OWNING = frozenset({"copyright", "rights", "first", "thisarticle"})  # concepts without which nothing is said of it
_OWNED = _OWNING - {"rights"}
_SAYING = _OWNING - {"thisarticle"}  # of which one alone says it: readers share this article, too
# Families of what asks something of a reader, and speaks of no owner.
_CALLS = frozenset({
    "ad", "app", "comments", "contact", "donate", "follow", "nav", "newsletter", "readmore", "related", "share", "ui",
})  # fmt: skip
_OFFERED = ("syndicat", "republish", "reprint")  # words of rights; where the first is among them, it is an offer
_LICENSED = re.compile(r"\bCC[ -](?:BY|0)|\bcreative commons\b", re.IGNORECASE)
_SAID = 5  # words: what no rule describes and is shorter, is a button
_TAG_HEADING = "tag-heading"  # the rule for a heading above tags, which names none itself
_MOST_TAGS, _ALL_LINKS = 20, 0.8
_CAPTION = re.compile(r"caption|(?:image|photo|picture|media|foto|img)[-_]?credit", re.IGNORECASE)
# What parts a notice from a call in the same block.
_PART = re.compile(rf"{SENTENCE.pattern}|\s[|•·]\s|\s(?=©|\(c\)|copyright\b)", re.IGNORECASE)
# The address of the last picture inside, else of the one before; of all that stand before, it asks for no other.
_NEAREST = etree.XPath("string((.//img[last()] | preceding::img[1])[last()]/@src)")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_LONGEST_CAPTION, _CAPTIONED = 300, 2  # characters, and elements around a block whose class may say what it is


def record(document: Document, item: Judged) -> Cut:
    """Take a judged block out of the document and return the record of it."""
    block = item.block
    start = block.start + len(" ".join(block.raw[: item.start].split()))
    text = item.text
    if item.start:
        start += 1
    html = document.remove(block, item.start, item.end, media=item.family not in _BESIDE_PICTURES)
    return Cut(text, item.family, item.reason, item.evidence, start, start + len(text), html[:4000])


def in_whole(found: Cut, taken: Sequence[Cut]) -> Cut:
    """Return a record with its offsets in the text that still held what was `taken` out of the article before."""
    start = found.start
    for cut in sorted(taken, key=lambda cut: cut.start):
        if cut.start < cut.end and cut.start <= start:
            start += cut.end - cut.start + 1
    return replace(found, start=start, end=found.end + start - found.start)


def doubt(item: Judged) -> Cut:
    """Return a record of a block that stays although it may be boilerplate."""
    family, _, reason, evidence = item.doubt
    return Cut(item.text, family, reason, evidence, item.block.start, item.block.end)


def put_back(judged: Iterable[Judged], scene: Scene) -> Iterator[Judged]:
    """Yield what an admin keeps and would be a notice: it stays in the article, and tells of its owner all the same."""
    for item in judged if scene.rulings else ():
        if item.kept and not item.prose:
            yield item
        elif not (item.family or item.kept):
            for found in SENTENCE.finditer(item.block.raw):
                text = " ".join(item.block.raw[found.end() :].split())
                if scene.rulings.keeps(text, scene.title):
                    reading = Wording(text, slots=scene.slots)
                    yield Judged(item.block, reading, matching(reading), start=found.end())


def learn_from(article: Article, cut: Iterable[Judged]) -> Article:
    """Return the article with the fields that its cut blocks fill: rights, credits, original, tags, bio, authors."""
    for item in cut:
        pictures = item.family in _OWED and _is_below_picture(item)
        match item.family:
            case _ if pictures or item.family == "credit":
                article = replace(article, images=_credited(article.images, item))
            case "tags" if _is_list_of_tags(item):
                article = replace(article, categories=_with_tags(article.categories, item.block))
            case "byline" | "scored" | "repeated" if not article.authors:
                article = replace(article, authors=_signed(item))
            case "bio":
                article = replace(article, bio=_joined(article.bio, item.text))
        for start, end, reading, family in () if pictures else _notices(item):
            if _owns(reading, family):
                article = replace(article, rights=_joined(article.rights, _without_call(item.block.raw[start:end])))
            if article.original is None:
                article = replace(article, original=origin(item.block, start, end, reading, article))
    return article


def with_licence(article: Article, root: HtmlElement) -> Article:
    """Return the article with the address of its licence as its rights, where only a badge in its body tells it.

    The badge is alone in its paragraph: one in a caption, or right below a picture, may be the picture's.
    """
    told: dict[HtmlElement, HtmlElement] = {}  # the first of each paragraph
    for link in filter(is_licence, root.iter("a")):
        told.setdefault(next((one for one in link.iterancestors() if one.tag in BLOCK_TAGS), root), link)
    for box, link in told.items() if not _LICENSED.search(article.rights) else ():
        alone = not text_of(box) and next(link.iterancestors("figure"), None) is None
        if alone and not _shows_only(_above(box), ""):
            return replace(article, rights=_joined(article.rights, link.get("href") or ""))
    return article


def _notices(item: Judged) -> Iterator[tuple[int, int, Wording, str]]:
    """Yield what a cut block says of its owner, whatever it was cut for: from where to where, what it says, its family.

    A block that is no notice as a whole may be one in a sentence ("... published by The Star. Sign up for its letter").
    """
    if item.family in _NO_OWNERS:
        return
    raw, end = item.block.raw, len(item.block.raw) if item.end is None else item.end
    whole = Wording(item.text, slots=item.reading.slots) if item.start or item.end is not None else item.reading
    named = ("" if _is_heard_only(item, whole) else item.family, *[rule.family for rule in item.rules])
    family = next((name for name in named if name in _OWED), "")
    if family:
        yield item.start, end, whole, family
    elif not _OWNING.isdisjoint(whole.concepts):
        marks = [found.end() for found in SENTENCE.finditer(raw, item.start, end)]
        for low, high in pairwise((item.start, *marks, end)):
            reading = Wording(" ".join(raw[low:high].split()), slots=item.reading.slots) if marks else whole
            families = {rule.family for rule in matching(reading)} & _OWED if marks else set()
            if families or ("thisarticle" in reading.concepts and tells(reading) is not None):
                yield low, high, reading, min(families, default="")


def _is_heard_only(item: Judged, reading: Wording) -> bool:
    """Whether a cut block is a notice by sound or box only: a button, or a line that says nothing of an owner."""
    silent = _OWNING.isdisjoint(reading.concepts)
    button = reading.size < _SAID and "©" not in reading.text
    return (item.by == "box" and silent) or (item.by in HEARD and (button or silent))


def _owns(reading: Wording, family: str) -> bool:
    """Whether a notice says who owns an article or who may use it; an offer of more stories does not."""
    rights = [reading.words[at] for at in reading.concepts.get("rights", ())]
    offered = _OFFERED if any(word.startswith(_OFFERED[0]) for word in rights) else ()
    told = any(not word.startswith(offered) for word in rights)
    if family == "copyright":
        return told or not rights or not _OWNED.isdisjoint(reading.concepts)
    return told and family == "syndication"


def _without_call(raw: str) -> str:
    """Return a notice without the call above its own words; what follows them may be its terms."""
    text = " ".join(raw.split())
    for start, end in pairwise((0, *[found.end() for found in _PART.finditer(text)], len(text))):
        if not _SAYING.isdisjoint(Wording(text[start:end]).concepts):
            before = {rule.family for rule in matching(Wording(text[:start].strip(" |•·")))}
            return text[start:] if before and before <= _CALLS else text
    return text


def _joined(known: str, new: str) -> str:
    return known if fold(new) in fold(known) else f"{known} {new}".strip()


def _signed(item: Judged) -> tuple[Person, ...]:
    """The people whom a line at either end of the article names as its authors."""
    if item.before and item.after:
        return ()
    site = item.reading.slots.site

    def is_house(name: str) -> bool:
        said = words(name)
        return bool(said) and (site.issuperset(said) or "".join(said) in site)

    return byline(item.text) or signature(item.text, is_house)


def _is_below_picture(item: Judged) -> bool:
    """Whether a block speaks of a picture: it is its caption, or a credit right below it that is no footer.

    A footer names a year, and nothing of the article follows it.
    """
    block, container = item.block, item.block.container
    if "figcaption" in block.tags:
        return True
    around = (container, *islice(container.iterancestors(), _CAPTIONED))
    if any(_CAPTION.search(element.get("class") or "") for element in around):
        return True
    footer = not item.after and _YEAR.search(item.text)
    if footer or len(block.text) > _LONGEST_CAPTION or not parted(item.text)[1]:
        return False
    return _shows_only(container, block.text) or _shows_only(_above(container), "")


def _shows_only(element: HtmlElement | None, text: str) -> bool:
    """Whether an element holds a picture, and no text beside the given one."""
    return element is not None and next(element.iter("img"), None) is not None and text_of(element) == text


def _above(element: HtmlElement) -> HtmlElement | None:
    """The element right above, None where there is none, or text in between."""
    while (above := element.getprevious()) is None:
        parent = element.getparent()
        if parent is None or (parent.text or "").strip():
            return None
        element = parent
    return None if (above.tail or "").strip() else above


def _credited(images: tuple[Image, ...], item: Judged) -> tuple[Image, ...]:
    """Give credit and caption to the picture they stand below, a credit also to the first without one."""
    caption, credit = parted(item.text, certain=item.family == "credit")
    if not credit and _LICENSED.search(item.text):
        caption, credit = "", item.text.strip(" ()[].")  # the work, its maker and the licence are owed together
    near = _NEAREST(item.block.container)
    chosen = next((at for at, image in enumerate(images) if image.url == near), None)
    if chosen is None:
        chosen, caption = next((at for at, image in enumerate(images) if not image.credit), None), ""
    if chosen is None or not credit:
        return images
    image = images[chosen]
    known = "" if image.caption.strip(" ()[].") == credit else image.caption
    image = replace(image, credit=image.credit or credit, caption=known or caption)
    return (*images[:chosen], image, *images[chosen + 1 :])


def _is_list_of_tags(item: Judged) -> bool:
    """Whether a rule says so, or it is nothing but links, that lead elsewhere than into the article."""
    heads = any(rule.name == _TAG_HEADING for rule in item.rules)
    linked = item.block.linked >= _ALL_LINKS or not (item.by in HEARD or heads)
    return linked and item.reading.kinds != {"place"}


def _with_tags(known: tuple[str, ...], block: Block) -> tuple[str, ...]:
    """Add the tags of a list; a label alone ("Tags:") names none."""
    linked = [text_of(link) for link in block.links]
    if not linked and not _TAG_LABEL.search(block.text) and len(block.text.split()) > 5:
        return known
    found = linked or _SEPARATOR.split(_TAG_LABEL.sub("", block.text))
    seen = {fold(name) for name in known}
    new = [name for name in (tag.strip(" #.:") for tag in found) if 1 < len(name) <= 60 and fold(name) not in seen]
    return (*known, *dict.fromkeys(new))[: max(_MOST_TAGS, len(known))]
