"""Atom 1.0 (RFC 4287) on feedgen. Pure."""

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from syndicate.formats import MEDIA_TYPES
from syndicate.render.modules import EntryModules, FeedModules
from syndicate.render.text import as_markup
from syndicate.render.values import Feed, Item
from syndicate.text import unescape


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0 with Dublin Core and Media RSS elements."""
    generator = FeedGenerator()
    own = feed.links["atom"]
    generator.id(feed.current.get("atom", own))  # an archive is the same feed, seen further back
    generator.title(feed.title)
    generator.subtitle(feed.description or None)
    # First: some readers take the first link for the feed's page, whatever it says of itself.
    generator.link(href=feed.home, rel="alternate", type="text/html")
    generator.link(href=own, rel="self", type=MEDIA_TYPES["atom"])
    if feed.hub:
        generator.link(href=feed.hub, rel="hub")
    generator.updated(feed.updated)
    generator.generator(feed.generator)
    generator.language(feed.language or None)
    generator.rights(feed.rights or None)
    generator.author(_feed_author(feed))
    generator.register_extension("modules", lambda: FeedModules(feed), rss=False)
    for item in feed.items:
        generator.add_entry(_entry(item), order="append")
    return bytes(generator.atom_str(pretty=False, encoding="UTF-8")) + b"\n"


def _feed_author(feed: Feed) -> dict[str, str]:
    """Whoever publishes the feed: entries without a byline need an author to inherit (RFC 4287, 4.1.1)."""
    author = {"name": feed.publisher or feed.title}
    if "@" in feed.contact:
        author["email"] = feed.contact
    return author


def _entry(item: Item) -> FeedEntry:
    entry = FeedEntry()
    entry.id(item.id)
    entry.title(item.title)
    entry.link(href=item.link, rel="alternate")
    if "<" in item.summary or unescape(item.summary) != item.summary:  # could be taken for HTML that is not declared
        entry.summary(as_markup(item.summary), type="html")
    else:
        entry.summary(item.summary or None)
    entry.content(item.html or item.title, type="html" if item.html else "text")
    entry.published(item.published)
    entry.updated(item.updated)
    entry.rights(item.rights or None)
    # All at once: feedgen goes through what it has anew with each that is given alone.
    entry.author([{"name": person.name, **({"uri": person.url} if person.url else {})} for person in item.authors])
    entry.category([{"term": category} for category in item.categories])
    entry.register_extension("modules", lambda: EntryModules(item), rss=False)
    return entry
