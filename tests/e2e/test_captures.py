"""Real feeds of 132 publishers, through the whole house."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from syndicate.model import FEED_FORMATS, SourceSpec
from syndicate.settings import IngestSettings, PublishSettings
from tests.e2e.house import Origin, house, ingest


def later() -> datetime:
    """Now, but a moment after any file of this test was written: folders wait until files are settled."""
    return datetime.now(UTC) + timedelta(seconds=30)


def test_every_capture_goes_through(shared_data: Path, tmp_path: Path, redis_url: str) -> None:
    """Every captured feed is taken in and published well-formed; a second run changes nothing."""
    index = (shared_data / "feeds/index.jsonl").read_text().splitlines()
    captures = {row["file"]: row for row in map(json.loads, index)}
    with Origin() as origin:
        for name in captures:
            origin.feed(f"/{name}", (shared_data / "feeds" / name).read_bytes())
        sources = tuple(
            SourceSpec(key=f"s{n}", kind="feed", location=f"{origin.url}/{name}") for n, name in enumerate(captures)
        )
        settings = {"publish": PublishSettings(items=500, feed_bytes=50_000_000), "ingest": IngestSettings(children=2)}
        with house(tmp_path, redis_url, sources, **settings) as parts:
            first = ingest(parts)
            reports = {captures[list(captures)[int(r["source"][1:])]]["file"]: r for r in first.report}
            failed = {name: r["error"] for name, r in reports.items() if r["outcome"] == "failed"}
            assert {n: e for n, e in failed.items() if captures[n]["entries"]} == {}
            found = sum(r["new"] for r in first.report)
            assert found >= 0.97 * sum(c["entries"] for c in captures.values())
            counts = parts.store.topic_counts()
            rows = {f: parts.store.feed("all", f) for f in FEED_FORMATS}
            assert_feeds_agree(rows, min(counts["all"], 500), parts)
            second = ingest(parts)
            assert {r["outcome"] for r in second.report} <= {"unchanged", "failed"}
            assert {f: parts.store.feed("all", f) for f in FEED_FORMATS} == rows


def assert_feeds_agree(rows, count, parts) -> None:
    """Every format holds the same articles, in the same order, with the links that the store knows."""
    document = json.loads(rows["json"].body)
    links = [item["url"] for item in document["items"]]
    ids = [item["id"] for item in document["items"]]
    assert len(ids) == len(set(ids)) == count
    stored = {p.guid: p.article.link for p in parts.store.newest("all", 500)}
    assert ids == list(stored)
    assert all(stored[i] in ("", link) for i, link in zip(ids, links, strict=True))
    for name in ("rss", "atom"):
        etree.fromstring(rows[name].body, etree.XMLParser(recover=False, huge_tree=False, resolve_entities=False))
        read = feedparser.parse(BytesIO(rows[name].body))
        assert not read.bozo
        assert [e.id for e in read.entries] == ids
        assert [e.link for e in read.entries] == links


@pytest.mark.parametrize("run", [1, 2])
def test_seed_article_is_published_clean(shared_data: Path, tmp_path: Path, redis_url: str, run: int) -> None:
    """The customer's own article comes out whole: headline, author, dateline, rights, and nothing but the article."""
    folder = tmp_path / "in"
    folder.mkdir()
    text = (shared_data / "seed-article.txt").read_text()
    (folder / "article.txt").write_text(text)
    spec = SourceSpec(key="worthy", kind="folder", location=str(folder), keep_files=True)
    with house(tmp_path, redis_url, (spec,), now=later) as parts:
        for _ in range(run):
            ingest(parts)
        [published] = parts.store.newest("all", 10)
        article = published.article
        body = parts.store.feed("all", "rss").body.decode()
    assert article.title == text.split("\n")[0]
    assert [p.name for p in article.authors] == ["Stefan J. Bos"]
    assert article.dateline.places == ("NEW DELHI", "BUDAPEST")
    assert article.dateline.agency == "Worthy News"
    assert article.rights == "Copyright 1999-2024 Worthy News. All rights reserved."
    kept = article.text.split("\n")
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    expected = list(dict.fromkeys(paragraphs[3:-4]))
    assert kept == expected
    assert {c.family for c in article.cuts} >= {"share", "copyright", "syndication", "sitename", "duplicate"}
    for junk in ("CENSORED", "sydication", "Worthy Plugins", "Worthy Christian News", "russia map"):
        assert junk not in body.replace("Copyright 1999-2024 Worthy News", "")
