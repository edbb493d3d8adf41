"""A small wire of our own writing that shows every feature of a feed; holds no tests."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from syndicate.model import (
    FEED_FORMATS,
    Article,
    Correction,
    Dateline,
    Enclosure,
    Image,
    Original,
    Person,
    Published,
    Tombstone,
)
from syndicate.render import Feed, Item

at = partial(datetime, tzinfo=UTC)
BASE = "https://wire.example.org"


def published(article: Article, received: datetime, revised: datetime | None = None) -> Published:
    """The article as the store gives it, with the guid that planning gives."""
    return Published(article, f"{BASE}/a/{article.id}", received, revised or received)


HARBOUR = published(
    Article(
        source="harbour-herald",
        key="https://herald.example.com/news/ferry",
        link="https://herald.example.com/news/ferry",
        title="Ferry “Åsa” returns & islands celebrate",
        html=(
            "<p>VARHOLM/SKÄRA (Harbour News) – The ferry Åsa left the yard on Monday, R&amp;D on board, "
            "nine weeks late, with 5 &lt; 6 crew.</p><h2>A LONG WINTER</h2>"
            '<p>“We baked for two days,” said <a href="https://bakery.example.net/">the baker</a>.</p>'
        ),
        text=(
            "VARHOLM/SKÄRA (Harbour News) – The ferry Åsa left the yard on Monday, R&D on board, "
            "nine weeks late, with 5 < 6 crew.\n"
            "A LONG WINTER\n“We baked for two days,” said the baker."
        ),
        summary="The islands of Varholm and Skära have their ferry back.",
        authors=(
            Person("Ingrid Holm", "Harbour Correspondent", "Harbour News", "https://herald.example.com/ingrid"),
            Person("Ola Berg"),
        ),
        dateline=Dateline(("VARHOLM", "SKÄRA"), "Harbour News"),
        published=at(2026, 3, 2, 8, 30),
        updated=at(2026, 3, 2, 11, 0),
        categories=("Transport", "R&D", "Islands"),
        language="en",
        rights="Copyright 2026 Harbour News. All rights reserved.",
        bio="Ingrid Holm has covered the coast since 2009.",
        original=Original("Harbour News", "https://harbour.example.com/2026/ferry"),
        images=(
            Image(
                "https://herald.example.com/img/ferry.jpg?w=1200&h=800",
                "The Åsa leaves the yard.",
                "Ola Berg/Harbour News",
                "A white ferry",
                1200,
                800,
            ),
            Image("https://herald.example.com/img/cake", alt="A cake", type="image/webp"),
        ),
        enclosures=(
            Enclosure("https://herald.example.com/audio/ferry.mp3", "audio/mpeg", 123456),
            Enclosure("https://herald.example.com/docs/timetable.pdf"),
        ),
    ),
    received=at(2026, 3, 2, 9, 0),
    revised=at(2026, 3, 2, 11, 0),
)

BEES = published(
    Article(
        source="waben",
        key="bienen-1",
        link="https://waben.example.de/bienen",
        title="Bienen zählen: „1 < 2“ gilt auch im Stock",
        html='<p>Die Imker zählten früh.</p><p><img src="https://waben.example.de/stock.png" alt="Ein Stock"></p>',
        text="Die Imker zählten früh.",
        published=at(2026, 3, 1, 23, 59, 59),
        language="de",
        images=(Image("https://waben.example.de/stock.png", width=640, height=480),),
    ),
    received=at(2026, 3, 2, 0, 10),
)

FOLDER = published(
    Article(
        source="parish-letters",
        key="letters/spring.txt",
        link="",
        title="Spring letter",
        html="<p>Dear friends, the garden is open again ]]&gt; and the gate is green. 🌱</p>",
        text="Dear friends, the garden is open again ]]> and the gate is green. 🌱",
        authors=(Person("Miriam Vale"),),
        language="en",
        rights="Free to copy in church papers.",
    ),
    received=at(2026, 2, 27, 7, 0),
)

FUTURE = published(
    Article(
        source="harbour-herald",
        key="https://herald.example.com/news/tide",
        link="https://herald.example.com/news/tide",
        title="",
        html="<p>مدّ البحر عالٍ اليوم.</p>",
        text="مدّ البحر عالٍ اليوم.",
        published=at(2099, 1, 1),
        language="ar",
    ),
    received=at(2026, 2, 26, 6, 0),
)

WIRE = (HARBOUR, BEES, FOLDER, FUTURE)
WITHDRAWN = (
    Tombstone(
        f"{BASE}/a/5a1b", "https://herald.example.com/news/fire", at(2026, 3, 3, 7, 15), "A name & an address < wrong"
    ),
    Tombstone(f"{BASE}/a/07c2", "", at(2026, 2, 28, 18, 0), "Urheberrecht"),
)
CORRECTED = replace(
    BEES,
    revised=at(2026, 3, 4),
    corrections=(
        Correction(at(2026, 3, 3, 8), "Es sind 3 < 4 Völker & ein Stock."),
        Correction(at(2026, 3, 4), "Es war 1 Stock."),
    ),
)
LAST_PAGE = {name: f"{BASE}/feeds/islands/archive/3.{name}" for name in FEED_FORMATS}
PAGE = {  # the second of three
    "links": {name: f"{BASE}/feeds/islands/archive/2.{name}" for name in FEED_FORMATS},
    "older": {name: f"{BASE}/feeds/islands/archive/1.{name}" for name in FEED_FORMATS},
    "newer": LAST_PAGE,
    "current": {name: f"{BASE}/feeds/islands.{name}" for name in FEED_FORMATS},
    "hub": "",
}
TITLES = {"harbour-herald": "Harbour Herald", "waben": "Waben & Honig", "parish-letters": "Parish letters"}


def feed_of(articles: tuple[Published, ...] = WIRE, **changes: Any) -> Feed:
    """A feed of these articles with every part of a feed's head filled in."""
    items = tuple(Item.of(one, TITLES.get(one.article.source, "")) for one in articles)
    head = {
        "key": "islands",
        "title": "Islands & harbours",
        "description": "What happens on the islands.",
        "language": "en",
        "home": f"{BASE}/",
        "links": {name: f"{BASE}/feeds/islands.{name}" for name in FEED_FORMATS},
        "updated": Feed.newest(items, changes.get("withdrawn", ())),
        "publisher": "Coastal Wire",
        "rights": "Each article belongs to its publisher.",
        "contact": "desk@wire.example.org",
        "hub": f"{BASE}/hub",
    }
    return Feed(**{**head, "items": items, **changes})
