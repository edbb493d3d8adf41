"""Rules about each item: what importers' documentation and source ask of an article, one small function each. Pure.

A rule gives what is wrong, in a few words that follow the element's name: "has 14 characters, expected ...".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from syndicate.normalize.urls import canonical_link, host_of, is_web
from syndicate.publish.lint.body import Body, is_mere_link
from syndicate.publish.lint.seen import SeenFeed, SeenItem
from syndicate.text import looks_like_markup, plain

_RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|UTC?|GMT|[ECMP][SD]T)"
)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})")
_PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg")
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """What a rule about items looks at: one of them, its body, its feed, and the time of the look."""

    item: SeenItem
    body: Body
    feed: SeenFeed
    now: datetime


ItemRule = Callable[[Look], Iterator[str]]


def has_id(look: Look) -> Iterator[str]:
    """It has an id, without which nobody knows it again."""
    if not look.item.id:
        yield "is missing"


def id_is_address(look: Look) -> Iterator[str]:
    """Its id is a URL of at most 250 characters: FeedWordPress rewrites others, and hashes longer ones."""
    id_ = look.item.id
    if id_ and not is_web(id_):
        yield f"{id_[:60]!r} is no http or https URL" + (" but says that it is (isPermaLink)" * look.item.is_address)
    elif len(id_) > 250:
        yield f"has {len(id_)} characters, expected at most 250"


def id_is_secure(look: Look) -> Iterator[str]:
    """Its id is an https URL."""
    if look.item.id.startswith("http://"):
        yield "is an http URL, expected https"


def has_link(look: Look) -> Iterator[str]:
    """It leads to an absolute web address."""
    if not is_web(look.item.link):
        yield f"{look.item.link[:60]!r} is no http or https URL" if look.item.link else "is missing"


def link_is_clean(look: Look) -> Iterator[str]:
    """Its address says which page it is, not how a reader came there."""
    if _parts(canonical_link(look.item.link)).query != _parts(look.item.link).query:
        yield f"{look.item.link[:120]!r} holds tracking parameters"


def has_title(look: Look) -> Iterator[str]:
    """It has a title."""
    if not look.item.title:
        yield "is missing"


def title_is_plain(look: Look) -> Iterator[str]:
    """Its title is plain text."""
    if looks_like_markup(look.item.title) or re.search(r"&(?:\w+|#\d+);", look.item.title):
        yield f"{look.item.title[:80]!r} holds markup"


def title_is_between(least: int, most: int) -> ItemRule:
    """Make the rule that a title has so many characters."""

    def rule(look: Look) -> Iterator[str]:
        length = len(look.item.title)
        if look.item.title and not least <= length <= most:
            yield f"has {length} characters, expected {least} to {most}"

    return rule


def date_is_whole(look: Look) -> Iterator[str]:
    """Its date has the format's form, with a year of four digits and an offset."""
    written, form = look.item.published, _RFC822 if look.feed.format == "rss" else _RFC3339
    if not form.fullmatch(written):
        wanted = "RFC 822 has it: Mon, 23 Nov 2026 08:00:00 +0000" if form is _RFC822 else "RFC 3339 has it"
        yield f"{written[:60]!r} is no date as {wanted}" if written else "is missing"


def date_is_of_this_year(look: Look) -> Iterator[str]:
    """It was published in the past, and less than 365 days ago."""
    published = _moment(look.item.published)
    if published and not timedelta() <= look.now - published < timedelta(days=365):
        yield f"{look.item.published!r} is not within the last 365 days"


def has_modified(look: Look) -> Iterator[str]:
    """It says when it was last changed, without which edits are not seen."""
    if not look.item.modified:
        yield "is missing, expected atom:updated or dcterms:modified"


def modified_is_later(look: Look) -> Iterator[str]:
    """It was not changed before it was published."""
    published, modified = _moment(look.item.published), _moment(look.item.modified)
    if published and modified and modified < published:
        yield f"{look.item.modified!r} is before it was published"


def has_content(look: Look) -> Iterator[str]:
    """It holds the article, not only what introduces it."""
    told = len(plain(look.item.html))
    if not look.item.html:
        yield "is missing"
    elif told <= len(plain(look.item.summary)) and told < 300:
        yield f"has {told} characters of text, expected the whole article"


def content_is_between(least: int, most: int) -> ItemRule:
    """Make the rule that an article's HTML has so many characters."""

    def rule(look: Look) -> Iterator[str]:
        length = len(look.item.html)
        if look.item.html and not least <= length <= most:
            yield f"has {length} characters, expected {least} to {most}"

    return rule


def content_is_at_most_a_megabyte(look: Look) -> Iterator[str]:
    """An article is no larger than a megabyte."""
    size = len(look.item.html.encode(errors="replace"))
    if size > _MEGABYTE:
        yield f"has {size / _MEGABYTE:.1f} MB, expected at most 1"


def content_has_paragraphs(look: Look) -> Iterator[str]:
    """A longer article has paragraphs."""
    if len(look.body.paragraphs) < 2 and sum(len(one.text) for one in look.body.paragraphs) > 1_000:
        yield "has one paragraph only, expected breaks"


def summary_is_plain(look: Look) -> Iterator[str]:
    """What introduces it is plain text."""
    if looks_like_markup(look.item.summary):
        yield f"{look.item.summary[:60]!r} holds markup"


def summary_has(least: int) -> ItemRule:
    """Make the rule that what introduces an article has so many characters."""

    def rule(look: Look) -> Iterator[str]:
        if len(look.item.summary) < least:
            yield f"has {len(look.item.summary)} characters, expected {least} or more"

    return rule


def has_author(look: Look) -> Iterator[str]:
    """It names who wrote it."""
    if not look.item.authors:
        yield "is missing, expected a person's name"


def has_author_or_credit(look: Look) -> Iterator[str]:
    """It names who wrote it or who made its pictures."""
    if not look.item.authors and not any(picture.credit for picture in look.item.pictures):
        yield "is missing, and no picture has a credit"


def has_category(look: Look) -> Iterator[str]:
    """It is in a category."""
    if not look.item.categories:
        yield "is missing"


def has_picture(look: Look) -> Iterator[str]:
    """It has a picture, declared or in its body."""
    if not look.item.pictures and not look.body.pictures:
        yield "is missing, and none stands in the body"


def picture_is_in_body(look: Look) -> Iterator[str]:
    """What is declared as its picture also stands in its body, for importers that look only there."""
    if look.item.pictures and not look.body.pictures:
        yield "is declared, but no <img> stands in the body"


def pictures_are_described(look: Look) -> Iterator[str]:
    """Each declared picture says its type, width, height, credit and description; JSON Feed has no place for them."""
    for one in look.item.pictures if look.feed.format != "json" else ():
        told = {name: getattr(one, name) for name in ("type", "width", "height", "credit", "description")}
        if missing := [name for name, value in told.items() if not value]:
            yield f"{one.url[:100]!r} does not say its {', '.join(missing)}"


def pictures_are_named_so(look: Look) -> Iterator[str]:
    """Addresses of pictures end like those of pictures."""
    addresses = dict.fromkeys((*(one.url for one in look.item.pictures), *look.body.pictures))
    for url in addresses:
        if url and not _parts(url).path.lower().endswith(_PICTURE_NAMES):
            yield f"{url[:100]!r} has no ending of a picture, expected .jpg or the like"


def pictures_are_wide(least: int) -> ItemRule:
    """Make the rule that declared pictures have at least so many pixels in width."""

    def rule(look: Look) -> Iterator[str]:
        for one in look.item.pictures:
            if one.width.isdecimal() and int(one.width) < least:
                yield f"{one.url[:100]!r} is {one.width} pixels wide, expected {least} or more"

    return rule


def original_is_linked_last(look: Look) -> Iterator[str]:
    """Its first three paragraphs don't link back to where it comes from."""
    home = host_of(look.item.link)
    for number, paragraph in enumerate(look.body.paragraphs[:3], start=1):
        if home and home in map(host_of, paragraph.links):
            yield f"links to {home} in paragraph {number}, expected at the end only"


def links_are_apart(look: Look) -> Iterator[str]:
    """No three paragraphs on end are nothing but links."""
    run = 0
    for paragraph in look.body.paragraphs:
        run = run + 1 if paragraph.linked >= 0.9 * len(paragraph.text) else 0
        if run == 3:
            yield f"has three links on end ({paragraph.text[:40]!r})"


def ends_in_no_trailer(look: Look) -> Iterator[str]:
    """It does not end by sending its reader to the rest."""
    last = look.body.paragraphs[-1:]
    for paragraph in last:
        if is_mere_link(paragraph, look.item.link) or paragraph.text.endswith(("[…]", "[...]")):
            yield f"ends in {paragraph.text[-60:]!r}, expected no trailer"


def _parts(url: str) -> SplitResult:
    """The address's parts; none where it can't be taken apart."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _moment(written: str) -> datetime | None:
    """The moment of a date that is whole, in either form."""
    try:
        if _RFC822.fullmatch(written):
            moment = parsedate_to_datetime(written)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000": a zone that is not told
        return datetime.fromisoformat(written.upper()) if _RFC3339.fullmatch(written) else None
    except ValueError:
        return None
