"""Pages of single articles: read alone, for what a listing announced, or in place of a feed's teaser. Pure.

The functions are top-level and of plain values, so that they can be sent to the sandbox's child.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from syndicate.errors import UnreadableError
from syndicate.ingest.likeness import is_own_place, is_told
from syndicate.ingest.readers import named, page
from syndicate.model import Article, Entry, Payload, Reading, SourceSpec
from syndicate.normalize.kept import Kept, nothing
from syndicate.normalize.urls import link_key
from syndicate.strip.rulings import Rulings
from syndicate.text import plain

_NOTHING_RULED = Rulings()
_NO_WORD = re.compile(r"\.\w{2,5}$|[\W\d_]+")


def read_page(payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Reading:
    """Take a page for one article: a reading with one entry. Raises UnreadableError."""
    return named(Reading(format="page", entries=(page.article(payload, spec, kept_by(rulings)),)))


def read_listed(
    announced: Entry, stored: Article | None, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED
) -> Entry:
    """Take a page for the article that a listing announced; `stored` is what is known of it.

    Raises UnreadableError for a page that tells neither: a login page, "not found", the listing itself.
    """
    if _leads_away(announced, payload.url, spec.location):
        raise UnreadableError(f"{announced.link} leads to {payload.url}, which is no article")
    whole = page.article(payload, spec, kept_by(rulings))
    said = _said(whole)
    known = stored is not None and is_told(stored.title, stored.text, said)
    if not known and not (_is_announced(announced, said) if announced.title else stored is None):
        raise UnreadableError(f"{payload.url} does not tell what was announced: a login page, perhaps")
    dated = whole.published or (stored and stored.published) or announced.published
    return replace(whole, published=dated)


def _leads_away(announced: Entry, url: str, location: str) -> bool:
    """Whether an article's address was redirected to its listing, a front page, a login and the like."""
    if link_key(url) == link_key(announced.link):
        return False
    lists = {link_key(location), link_key(announced.base_url)}
    return link_key(url) in lists or not is_own_place(url) or page.is_no_article(url)


def _is_announced(announced: Entry, said: str) -> bool:
    """Whether a page tells what its listing said of it, or what its address says.

    A link may say something else than the headline that it leads to, and then the address is often made of that.
    """
    slug = _NO_WORD.sub(" ", urlsplit(announced.link).path.rstrip("/").rpartition("/")[2]).strip()
    return is_told(announced.title, announced.title, said) or (" " in slug and is_told(slug, "", said))


def _said(whole: Entry) -> str:
    return "\n".join((whole.title, plain(whole.summary), plain(whole.body)))


def with_page(entry: Entry, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Entry:
    """Give a feed's teaser the body of its article's page; what the feed said of the article still counts."""
    return _joined(entry, page.article(payload, spec, kept_by(rulings, entry.title)))


def follow(entry: Entry, payload: Payload, spec: SourceSpec, rulings: Rulings = _NOTHING_RULED) -> Entry:
    """Give a teaser its page as `with_page` does, and its page's address, if that says more.

    Raises UnreadableError for a login page, or any other article's.
    """
    whole = page.article(payload, spec, kept_by(rulings, entry.title))
    said = plain(entry.body or entry.summary)
    if not is_told(entry.title, said, _said(whole)):
        raise UnreadableError(f"{payload.url} has neither the headline's words nor the teaser's: a login page, perhaps")
    if len(plain(whole.body)) <= len(said):
        return entry
    return replace(_joined(entry, whole), link=whole.link or entry.link)


def _joined(entry: Entry, whole: Entry) -> Entry:
    return replace(
        entry,
        body=whole.body,
        body_kind=whole.body_kind,
        cuts=whole.cuts,
        goes_on=whole.goes_on,
        doubt=whole.doubt,
        base_url=whole.base_url,
        excerpt_only=False,
        title=entry.title or whole.title,
        authors=entry.authors or whole.authors,
        published=entry.published or whole.published,
        updated=entry.updated or whole.updated,
        categories=entry.categories or whole.categories,
        language=entry.language or whole.language,
        rights=entry.rights or whole.rights,
        images=entry.images or whole.images,
    )


def kept_by(rulings: Rulings, known: str = "") -> Kept:
    """What a page's reader must not leave out; `known` is the article's title if it is not the page's that counts."""
    return (lambda text, title: rulings.keeps(text, known or title)) if rulings else nothing
