"""The real captured feeds are read whole and every entry becomes an article."""

import json

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, SourceSpec
from syndicate.normalize.article import normalize


@pytest.fixture(scope="module")
def captures(shared_data):
    """Name, expected number of entries and articles of each capture."""
    spec = SourceSpec(key="s", kind="feed", location="https://feed.example/f", language="en")
    found = []
    for row in map(json.loads, (shared_data / "feeds" / "index.jsonl").read_text(encoding="utf-8").splitlines()):
        reading = read(Payload((shared_data / "feeds" / row["file"]).read_bytes(), spec.location), spec)
        found.append((row["file"], row["entries"], [normalize(entry, spec, reading) for entry in reading.entries]))
    return found


def test_every_entry_is_found_and_normalized(captures):
    """The counts agree with the index, no entry is refused, and each has a title."""
    counts = {name: len(articles) for name, _, articles in captures}
    assert counts == {name: expected for name, expected, _ in captures}
    assert all(article.title for _, _, articles in captures for article in articles)


def test_keys_tell_entries_apart(captures):
    """Within one feed no two different entries get one key."""
    for name, _, articles in captures:
        texts = {(article.link, article.title, article.text) for article in articles}
        assert len({article.key for article in articles}) == len(texts), name
