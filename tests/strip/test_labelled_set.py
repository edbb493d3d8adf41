"""The labelled sets themselves: complete, well-formed, and true to their inputs."""

import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "data" / "strip"
LANGUAGES = {"en", "es", "pt", "fr", "de", "it", "nl", "sv", "pl", "ru", "uk", "ar", "he", "zh", "ja", "ko"}

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def squeezed(text: str) -> str:
    """Letters and digits alone, so that spacing, tags and punctuation do not matter."""
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", html.unescape(text)).lower()))


def visible(row: Row) -> str:
    if row["kind"] == "text":
        return squeezed(row["input"])
    without = re.sub(r"(?is)<!--.*?-->|<(script|style|noscript)\b.*?</\1>", " ", row["input"])
    return squeezed(re.sub(r"(?s)<[^>]*>", " ", without))


@pytest.fixture(scope="module")
def labelled() -> list[Row]:
    return rows("labelled.jsonl")


@pytest.fixture(scope="module")
def publishers() -> list[Row]:
    return rows("publishers.jsonl")


@pytest.fixture(scope="module")
def both(labelled: list[Row], publishers: list[Row]) -> list[Row]:
    return [*labelled, *publishers]


def test_files_are_what_their_sources_say() -> None:
    """The built files are up to date with the hand-written sources."""
    command = [sys.executable, str(ROOT / "tools" / "build_strip_set.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr


def test_every_row_has_the_schema(both: list[Row]) -> None:
    """Rows and blocks carry the agreed keys with sensible values."""
    for row in both:
        assert set(row) == {"id", "source", "kind", "language", "url", "title", "input", "blocks"}, row["id"]
        assert row["kind"] in {"feed-html", "text", "page"}
        assert row["url"].startswith(f"https://{row['source']}/")
        assert row["source"].endswith(".example"), "publishers are invented"
        assert row["title"]
        assert not re.search(r"(?m)^(%|===|# |[-?+*~][a-z_]* <)|[⟪⟫]|\{(title|url|host)\}", row["input"]), (
            "notation leaked"
        )
        for block in row["blocks"]:
            assert set(block) - {"trap"} == {"text", "label", "family", "ambiguous"}, row["id"]
            assert block["label"] in {"keep", "drop"}
            assert bool(block["family"]) == (block["label"] == "drop"), block
            assert squeezed(block["text"]), block
            assert not set("⟪⟫{}") & set(block["text"]), block


def test_blocks_follow_each_other_in_their_input(both: list[Row]) -> None:
    """Every block's text stands in its input, in order, and together they are all of its visible text."""
    for row in both:
        text, at, covered = visible(row), 0, 0
        for block in row["blocks"]:
            wanted = squeezed(block["text"])
            found = text.find(wanted, at)
            assert found >= 0, (row["id"], block["text"])
            at, covered = found + len(wanted), covered + len(wanted)
        head = re.search(r"(?is)<title>(.*?)</title>", row["input"])
        assert covered == len(text) - len(squeezed(head[1]) if head else ""), row["id"]


def test_every_article_keeps_something_and_most_lose_something(both: list[Row]) -> None:
    """No article is only boilerplate, and few are without any."""
    kept = [any(b["label"] == "keep" and not b["ambiguous"] for b in row["blocks"]) for row in both]
    cut = [any(b["label"] == "drop" and not b["ambiguous"] for b in row["blocks"]) for row in both]
    assert all(kept)
    assert sum(cut) >= 0.9 * len(cut)


def test_nothing_is_there_twice(both: list[Row]) -> None:
    """Identifiers, addresses, titles and inputs are unique, context included."""
    for key in ("id", "url", "title", "input"):
        values = [row[key] for row in both]
        assert len(set(values)) == len(values), key
    inputs = [row["input"] for row in rows("context.jsonl")]
    assert len(set(inputs)) == len(inputs)
    assert not set(inputs) & {row["input"] for row in both}


def test_kept_paragraphs_are_not_told_twice(both: list[Row]) -> None:
    """Two articles share a long paragraph only where a newsroom's habit is the point."""
    kept = [b for row in both for b in row["blocks"] if b["label"] == "keep" and len(b["text"]) > 80]
    shared = Counter(squeezed(b["text"]) for b in kept if b.get("trap") != "background")
    assert [text for text, times in shared.items() if times > 1] == []


def test_context_belongs_to_publishers_with_several_articles(labelled: list[Row]) -> None:
    """Context rows are of publishers that also have at least three labelled articles."""
    articles = Counter(row["source"] for row in labelled)
    context = rows("context.jsonl")
    assert len(context) >= 30
    for row in context:
        assert set(row) == {"source", "input"}
        assert articles[row["source"]] >= 3, row["source"]


def test_the_set_is_as_large_and_varied_as_promised(labelled: list[Row]) -> None:
    """At least 300 blocks to cut by 40 publishers, 300 traps, three kinds, sixteen languages."""
    clear = [(row, b) for row in labelled for b in row["blocks"] if not b["ambiguous"]]
    cut = [(row, b) for row, b in clear if b["label"] == "drop"]
    assert len({(row["source"], squeezed(b["text"])) for row, b in cut}) >= 300, "repeats of a publisher count once"
    assert len({row["source"] for row, _ in cut}) >= 40
    assert sum("trap" in b for _, b in clear) >= 300
    assert {row["language"] for row in labelled} >= LANGUAGES
    assert {row["kind"] for row in labelled} == {"feed-html", "text", "page"}
    assert len({b["family"] for _, b in cut}) >= 20
    several = [source for source, n in Counter(row["source"] for row in labelled).items() if n >= 3]
    assert len(several) >= 15


def test_the_set_of_publishers_is_one_of_many(labelled: list[Row], publishers: list[Row]) -> None:
    """The second set is of a thousand publishers, none of which the first one knows, in forty languages."""
    sources = {row["source"] for row in publishers}
    assert len(sources) >= 1_000
    assert sources.isdisjoint({row["source"] for row in labelled})
    assert len({row["language"] for row in publishers}) >= 40
