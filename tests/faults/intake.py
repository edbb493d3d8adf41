"""From a payload to published feeds without a store: what the tests of hostile input look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.errors import UnreadableError
from syndicate.ingest.pages import read_page
from syndicate.ingest.process import Job, found_in, prepare, read_payload
from syndicate.model import FEED_FORMATS, Article, Payload, Published, SourceSpec, TopicSpec
from syndicate.publish.build import build
from syndicate.settings import Settings
from tests.faults.markup import active_nodes, problems
from tests.faults.world import Runner

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPEC = SourceSpec("hostile", "feed", "https://hostile.example/feed")
Writer = Callable[[str, int], bytes]
_TOPIC = TopicSpec("all", "All")
_SETTINGS = Settings()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a payload: the articles, and why entries were rejected."""

    articles: tuple[Article, ...]
    rejected: tuple[str, ...]


def take_in(sandbox: Runner, payload: Payload, spec: SourceSpec = SPEC) -> Taken:
    """Read and prepare a payload as an ingest does. Raises what the sandbox raises."""
    reading = sandbox.run(read_payload, payload, spec)
    found = found_in(reading, payload.digest)
    outcome = sandbox.run(prepare, Job(spec, reading, found))
    rejected = tuple(failure.reason for failure in reading.failures) + tuple(one.reason for one in outcome.rejected)
    return Taken(tuple(one.article for one in outcome.prepared), rejected)


def feeds_of(articles: tuple[Article, ...]) -> dict[str, bytes]:
    """The feeds that these articles would be published in."""
    published = {one.id: Published(one, f"https://wire.example/a/{one.id}", RECEIVED, RECEIVED) for one in articles}
    return dict(build(_TOPIC, tuple(published.values())[:50], {}, _SETTINGS).bodies)


def take_page(sandbox: Runner, payload: Payload, spec: SourceSpec) -> tuple[Article, ...]:
    """Take an article's page as an ingest does; nothing if it can't be read."""
    try:
        reading = sandbox.run(read_page, payload, spec)
    except UnreadableError:
        return ()
    found = found_in(reading, payload.digest)
    return tuple(one.article for one in sandbox.run(prepare, Job(spec, reading, found)).prepared)


def wrong_with(articles: tuple[Article, ...], feeds: dict[str, bytes] | None = None) -> list[str]:
    """Everything that is unsafe or ill-formed in what would be published."""
    found = [f"{node} in the body" for article in articles for node in active_nodes(article.html)]
    feeds = feeds_of(articles) if feeds is None else feeds
    assert set(feeds) == set(FEED_FORMATS)
    return found + [f"{name}: {problem}" for name, body in feeds.items() for problem in problems(name, body)]
