"""Feeds, pages and posts of our own writing, as many as a test wants; no test logic."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

_TALK = """
harbour ferry council bridge winter bakery teacher river orchard engine market village doctor garden letter
window summer mountain farmer library station kitchen captain island painter forest lantern evening carried
opened measured painted promised watched followed repaired counted borrowed gathered answered noticed quietly
slowly early twice together again beside behind against without across between under after before
"""
START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def sentences(name: str, count: int = 6) -> list[str]:
    """Sentences that belong to this name alone, the same at every call."""
    chance = random.Random(name)
    return [f"The {name} {' '.join(chance.choices(_TALK.split(), k=14))}." for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its source tells it."""

    name: str
    title: str = ""
    link: str = ""
    guid: str = ""
    date: str = ""
    body: str = ""
    teaser: bool = False

    def html(self) -> str:
        """The whole body."""
        return self.body or "".join(f"<p>{s}</p>" for s in sentences(self.name))

    def item(self, site: str) -> str:
        """The story as an item of RSS."""
        told = f"<p>{sentences(self.name)[0]}</p>" if self.teaser else self.html()
        full = "" if self.teaser else f"<content:encoded>{escape(told)}</content:encoded>"
        return (
            f"<item><title>{escape(self.heading)}</title><link>{escape(self.link or f'{site}/{self.name}')}</link>"
            f'<guid isPermaLink="false">{escape(self.guid or self.name)}</guid>'
            f"<pubDate>{self.date or format_datetime(self.when)}</pubDate>"
            f"<description>{escape(told)}</description>{full}</item>"
        )

    @property
    def heading(self) -> str:
        """The headline."""
        return self.title or f"News of the {self.name}"

    @property
    def when(self) -> datetime:
        """A date that belongs to the name."""
        return START + timedelta(minutes=random.Random(self.name).randrange(3000))

    def page(self) -> str:
        """The story as a page of its own."""
        return (
            f"<!doctype html><html lang=en><head><title>{escape(self.heading)}</title></head><body>"
            f"<nav><a href='/'>Home</a></nav><article><h1>{escape(self.heading)}</h1>{self.html()}</article>"
            "<footer>Imprint</footer></body></html>"
        )

    def post(self, site: str) -> dict[str, object]:
        """The story as a post of WordPress' REST API."""
        return {
            "id": random.Random(self.name).randrange(10_000),
            "guid": {"rendered": f"{site}/?p={self.name}"},
            "date_gmt": self.when.strftime("%Y-%m-%dT%H:%M:%S"),
            "modified_gmt": self.when.strftime("%Y-%m-%dT%H:%M:%S"),
            "link": f"{site}/{self.name}/",
            "title": {"rendered": escape(self.heading)},
            "content": {"rendered": self.html(), "protected": False},
            "excerpt": {"rendered": f"<p>{sentences(self.name)[0]}</p>"},
        }


def rss(*stories: Story | str, site: str = "https://lake.example", head: str = "") -> str:
    """An RSS feed; a story may be given by its name alone, or as the text of an item."""
    items = (_item(story, site) for story in stories)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Lake News</title><link>{site}/</link><description>News</description>{head}{''.join(items)}"
        "</channel></rss>"
    )


def _item(story: Story | str, site: str) -> str:
    if isinstance(story, Story):
        return story.item(site)
    return story if story.startswith("<") else Story(story).item(site)


def posts(*stories: Story, site: str) -> str:
    """An answer of WordPress' REST API."""
    return json.dumps([story.post(site) for story in stories])


def sitemap(*links: str) -> str:
    """A sitemap of these addresses."""
    places = "".join(f"<url><loc>{escape(link)}</loc></url>" for link in links)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
