"""RSS 2.0 on feedgen (RSS Advisory Board's specification and best practices profile). Pure."""

from threading import Lock

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from syndicate.formats import MEDIA_TYPES
from syndicate.render.modules import EntryModules, FeedModules
from syndicate.render.text import as_markup
from syndicate.render.values import Feed, Item

# feedgen sets the locale of the whole process and sets it back while it writes a date; two threads at once could
# leave the wrong one behind.
_LOCALE = Lock()


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0 with content, Dublin Core, Media RSS and Atom elements."""
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description or feed.title)
    generator.link(href=feed.links["rss"], rel="self", type=MEDIA_TYPES["rss"])
    generator.link(href=feed.home, rel="alternate")  # the last one becomes the channel's link
    generator.updated(feed.updated)
    generator.generator(feed.generator)
    generator.language(feed.language or None)
    generator.rights(feed.rights or None)
    if "@" in feed.contact:
        generator.managingEditor(f"{feed.contact} ({feed.publisher or feed.title})")
    generator.register_extension("modules", lambda: FeedModules(feed), atom=False)
    for item in feed.items:
        generator.add_entry(_entry(item), order="append")
    with _LOCALE:
        return bytes(generator.rss_str(pretty=False, encoding="UTF-8")) + b"\n"


def _entry(item: Item) -> FeedEntry:
    entry = FeedEntry()
    entry.title(item.title)
    entry.link(href=item.link, rel="alternate")
    entry.description(as_markup(item.summary or item.title), isSummary=True)
    entry.content(item.html or as_markup(item.title))
    entry.guid(item.id, permalink=item.id == item.link)
    entry.category([{"term": category} for category in item.categories])  # one by one costs their number squared
    if item.enclosures:  # the others are Media RSS
        first = item.enclosures[0]
        entry.enclosure(first.url, str(first.length), first.type)
    entry.register_extension("modules", lambda: EntryModules(item), atom=False)
    return entry
