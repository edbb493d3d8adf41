"""Atom and JSON Feed are valid by the specifications' own grammars."""

import json
import re
from pathlib import Path

import pytest
from lxml import etree

from syndicate.render import render
from tests.render.articles import PAGE, WITHDRAWN, feed_of

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
FEEDS = {"full": feed_of(), "empty": feed_of(()), "withdrawn": feed_of(withdrawn=WITHDRAWN), "archive": feed_of(**PAGE)}


@pytest.mark.parametrize("name", FEEDS)
def test_atom_follows_its_grammar(name: str, shared_data: Path):
    """Our Atom is valid by the RELAX NG grammar of RFC 4287."""
    grammar = etree.RelaxNG(etree.parse(shared_data / "schemas" / "atom-rfc4287.rng"))
    grammar.assertValid(etree.fromstring(render(FEEDS[name], "atom")))


@pytest.mark.parametrize("name", FEEDS)
def test_json_feed_has_what_the_specification_requires(name: str):
    """Required members are there, types are right, extension members begin with "_" and a letter."""
    document = json.loads(render(FEEDS[name], "json"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(document["title"], str)
    assert document.get("next_url") != document["feed_url"]
    ids = [item["id"] for item in document["items"]]
    assert len(set(ids)) == len(ids)
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item or "content_text" in item
        assert RFC3339.fullmatch(item.get("date_published", item["date_modified"]))
        assert RFC3339.fullmatch(item["date_modified"])
        assert all(author.keys() & {"name", "url", "avatar"} for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        assert all(file["url"] and file["mime_type"] for file in item.get("attachments", []))


def test_json_feed_uses_only_known_members(shared_data: Path):
    """Every member is one of the specification's schema or a rightly named extension."""
    schema = json.loads((shared_data / "schemas" / "jsonfeed-feed-1.json").read_text())
    known = set(re.findall(r'"(\w+)": ?\{', json.dumps(schema)))
    document = json.loads(render(FEEDS["withdrawn"], "json"))
    members = {*document, *(name for item in document["items"] for name in item)}
    version_1_1 = {"authors", "language"}
    assert {m for m in members - known - version_1_1 if not re.fullmatch(r"_[A-Za-z][A-Za-z0-9_]*", m)} == set()
