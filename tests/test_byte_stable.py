"""Promise 1: feeds are byte-stable. Noise changes nothing, one changed word changes one entry, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.cache import Cache
from syndicate.ingest.process import found_in, read_payload
from syndicate.ingest.steps import Steps
from syndicate.model import FEED_FORMATS, Payload, SourceSpec
from syndicate.publish import drain
from syndicate.records import Change, Ingested
from syndicate.settings import Settings
from syndicate.store import Store

NORTH = SourceSpec("north", "feed", "https://north.example.org/feed.xml", title="North Coast News")
STARTED = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TRACKING = ("utm_source=feed", "utm_medium=rss&amp;utm_campaign=daily", "fbclid=IwAR0abc", "gclid=xyz", "mc_cid=1a2b")
STORIES = (
    ("The ferry sails again", "After nine days of storm the ferry to the islands left the harbour on Tuesday morning."),
    ("A library for the valley", "Volunteers have carried four thousand books up the hill, and the doors open in May."),
    ("Salt in the wells", "The water board asks farms below the dyke to test what they give their cattle to drink."),
)


@dataclass(frozen=True)
class Noise:
    """Everything in which two deliveries of the same feed may differ without saying anything else."""

    seed: int = 0
    built: datetime = STARTED
    offset: int = 0
    gap: str = "\n  "
    tracking: str = ""
    swapped: bool = False
    entities: bool = False
    cdata: bool = False


noises = st.builds(
    Noise,
    seed=st.integers(0, 1_000),
    built=st.integers(0, 40 * 86_400).map(lambda seconds: STARTED + timedelta(seconds=seconds)),
    offset=st.sampled_from([-480, -60, 0, 60, 330]),
    gap=st.sampled_from(["", " ", "\n", "\r\n\t\t", "\n\n    "]),
    tracking=st.sampled_from(["", *TRACKING]),
    swapped=st.booleans(),
    entities=st.booleans(),
    cdata=st.booleans(),
)


def deliver(noise: Noise, word: str = "harbour") -> Payload:
    """The feed as the source delivers it this time."""
    random = Random(noise.seed)
    items = "".join(_item(number, noise, random, word) for number in range(len(STORIES)))
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>{noise.gap}<rss version="2.0"><channel><title>North Coast News</title>'
        f"<link>https://north.example.org/</link><description>News</description>"
        f"<lastBuildDate>{format_datetime(noise.built)}</lastBuildDate>{noise.gap}{items}</channel></rss>"
    )
    return Payload(body.encode(), NORTH.location, "application/rss+xml")


def _item(number: int, noise: Noise, random: Random, word: str) -> str:
    title, text = STORIES[number]
    text = text.replace("harbour", word)
    if noise.entities:
        text = text.replace("e", "&#101;", 1)
    blank = random.choice((" ", "  ", "\n", "\t "))
    tracking = f"?{noise.tracking}" if noise.tracking else ""
    picture = f"https://north.example.org/{number}.jpg{tracking}"
    attributes = [f'src="{picture}"', f'srcset="{picture} 800w"', 'alt="A view"', 'width="800"']
    if noise.swapped:
        attributes.reverse()
    film = f'<video src="https://north.example.org/{number}.mp4{tracking}" poster="{picture}"></video>'
    html = f"<p>{text.replace(' ', blank, 1)}</p>{noise.gap}<p><img {' '.join(attributes)}></p>{film}"
    body = f"<![CDATA[{html}]]>" if noise.cdata else html.replace("&", "&amp;").replace("<", "&lt;")
    zone = timezone(timedelta(minutes=noise.offset))
    published = (STARTED - timedelta(hours=number + 1)).astimezone(zone)
    link = f"https://north.example.org/{number}{tracking}"
    parts = [
        f"<enclosure url='https://north.example.org/{number}.mp3{tracking}' length='9' type='audio/mpeg'/>",
        f"<guid isPermaLink='false'>story-{number}</guid>",
        f"<title>{title}</title>",
        f"<link>{link}</link>",
        f"<pubDate>{format_datetime(published)}</pubDate>",
        f"<description>{body}</description>",
    ]
    random.shuffle(parts)
    return f"<item>{noise.gap.join(parts)}</item>{noise.gap}"


class Inline:
    """A sandbox without a child: these payloads are our own."""

    def run(self, step: Callable[[Any], Any], job: Any) -> Any:
        """Do it here."""
        return step(job)


class Wire:
    """Ingest and publish, as the flow does it, with a clock that the test sets."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.settings = Settings(base_url="https://wire.example.org", sources=(NORTH,))
        self.cache = Cache("unix:///nonexistent/redis.sock")
        self.now = STARTED
        store.upgrade()
        store.sync_sources((NORTH,), self.now)

    def changes(self, payload: Payload) -> tuple[list[Change], bytes | None]:
        """What this delivery would change, and what is learned from it."""
        reading = read_payload(payload, NORTH)
        found = found_in(reading, payload.digest)
        steps = Steps(self.store, Inline(), self.settings)
        known = steps.known(NORTH.key, found)
        outcome = steps.prepare(NORTH, [(reading, found)], known, lambda: None)
        assert not outcome.rejected
        return list(steps.plan(NORTH, outcome, known, self.now).changes), outcome.memory

    def ingest(self, payload: Payload) -> int:
        """Take a delivery in and publish; gives how many articles changed."""
        self.store.keep_payload(payload, NORTH.key, self.now)
        changes, memory = self.changes(payload)
        epoch = self.store.acquire(f"source:{NORTH.key}", "test", self.now, 60)
        state = self.store.source(NORTH.key)
        self.store.write(Ingested(NORTH.key, epoch, state, self.now, tuple(changes), memory=memory))
        self.store.release(f"source:{NORTH.key}", epoch)
        drain(self.store, self.cache, self.settings, self.now)
        return len(changes)

    def bytes(self) -> dict[str, tuple[bytes, str, int, datetime]]:
        """What partners get: bytes, validators and version of each format."""
        rows = {format_: self.store.feed("all", format_) for format_ in FEED_FORMATS}
        return {name: (row.body, row.etag, row.version, row.built) for name, row in rows.items()}


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    """A wire that has taken in and published the first delivery."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    wire = Wire(store)
    assert wire.ingest(deliver(Noise())) == len(STORIES)
    yield wire
    store.close()


@given(noise=noises)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_changes_nothing(wire: Wire, noise: Noise) -> None:
    """Whatever dates, blanks, order, entities and tracking a delivery comes with, no article changes."""
    wire.now += timedelta(minutes=7)
    assert wire.changes(deliver(noise))[0] == []


@given(deliveries=st.lists(noises, min_size=1, max_size=3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_changes_no_byte(wire: Wire, deliveries: list[Noise]) -> None:
    """Noisy deliveries taken in and published leave every byte, ETag, version and date of the feeds as it was."""
    before = wire.bytes()
    for noise in deliveries:
        wire.now += timedelta(hours=1)
        wire.ingest(deliver(noise))
        wire.store.set_status(wire.store.articles()[0].published.article.id, "live")  # its topics are built again
        drain(wire.store, wire.cache, wire.settings, wire.now)
    assert wire.bytes() == before


@given(noise=noises, word=st.sampled_from(["port", "Harbour", "harbor"]))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_word_changes_one_entry_once(wire: Wire, noise: Noise, word: str) -> None:
    """One changed word changes one entry in each format, at the next publish and at no later one."""
    wire.ingest(deliver(Noise()))
    before = wire.bytes()
    wire.now += timedelta(hours=1)
    assert wire.ingest(deliver(noise, word)) == 1
    after = wire.bytes()
    for format_ in ("rss", "atom"):
        pairs = zip(*(feedparser.parse(BytesIO(feeds[format_][0])).entries for feeds in (before, after)), strict=True)
        assert sum(old != new for old, new in pairs) == 1
    wire.now += timedelta(hours=1)
    assert wire.ingest(deliver(replace(noise, seed=noise.seed + 1), word)) == 0
    assert wire.bytes() == after
