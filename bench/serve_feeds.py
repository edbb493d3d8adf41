"""The feeds that all servers of the benchmark serve: 200 topics of 54 KB, made of words, the same at each run."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from syndicate.cache import Cache
from syndicate.codings import encode
from syndicate.store import Store

TOPICS = 200
BYTES = 54_000
BUILT = datetime(2026, 11, 1, tzinfo=UTC)

_SYLLABLES = ("ka", "lo", "mi", "ter", "an", "su", "vel", "ro", "den", "ish", "or", "ing", "ple", "qua", "th", "es")


def feed(number: int) -> bytes:
    """One feed of exactly BYTES bytes; it compresses about as well as real articles do."""
    random = Random(number)
    words = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(1500)]
    weights = [1 / (rank + 1) ** 0.8 for rank in range(len(words))]
    items = []
    size = 0
    while size < BYTES:
        text = " ".join(random.choices(words, weights, k=300))
        items.append(f"<item><title>{text[:60]}</title><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>")
        size += len(items[-1])
    head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Topic {number}</title>'
    tail = "</channel></rss>"
    body = head + "".join(items[:-1])
    return (body + " " * (BYTES - len(body) - len(tail)) + tail).encode()


def publish(store_url: str, redis_url: str) -> None:
    """Put the feeds where our server finds them."""
    store, cache = Store(store_url), Cache(redis_url)
    store.upgrade()
    for number in range(TOPICS):
        body = feed(number)
        cache.put_feed(store.save_feed(f"t{number}", "rss", body, f'"{sha256(body).hexdigest()[:32]}"', BUILT, BUILT))
    cache.close()
    store.close()


def write_files(folder: Path) -> None:
    """Put the feeds where nginx finds them, with a gzipped copy of each beside it."""
    feeds = folder / "feeds"
    feeds.mkdir(parents=True)
    for number in range(TOPICS):
        body = feed(number)
        (feeds / f"t{number}.rss").write_bytes(body)
        (feeds / f"t{number}.rss.gz").write_bytes(encode(body, "gzip"))
