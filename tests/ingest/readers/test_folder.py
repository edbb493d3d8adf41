"""Files of a folder become entries."""

from datetime import UTC, datetime

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import read
from syndicate.model import Payload, Person, SourceSpec

SPEC = SourceSpec(key="desk", kind="folder", location="inbox")


def _read(name, body, modified=None):
    (entry,) = read(Payload(body, f"file:///inbox/{name}", modified=modified), SPEC).entries
    return entry


def test_plain_text_is_kept_as_it_is():
    """A text file's words come through whole, with one kind of line end; its name is its id."""
    entry = _read("a%20b.txt", "Héadline\r\n\r\nFirst.\rSecond.".encode("cp1252"), datetime(2024, 1, 1, tzinfo=UTC))
    assert (entry.key, entry.body, entry.body_kind) == ("a b.txt", "Héadline\n\nFirst.\nSecond.", "text")
    assert entry.published == datetime(2024, 1, 1, tzinfo=UTC)


def test_markdown_with_front_matter():
    """Front matter fills the fields, Markdown becomes HTML."""
    text = """---
title: "A day: at sea"
author: Ada Quay, Ben Mole
date: 2024-02-03
tags: [sea, ships]
lang: en
link: https://e.example/day
image: https://e.example/i.jpg
---
It was *calm*.

- one
- two
"""
    entry = _read("day.md", text.encode())
    assert entry.title == "A day: at sea"
    assert entry.authors == (Person("Ada Quay"), Person("Ben Mole"))
    assert entry.published == datetime(2024, 2, 3, tzinfo=UTC)
    assert entry.categories == ("sea", "ships")
    assert entry.link == "https://e.example/day"
    assert entry.body == "<p>It was <em>calm</em>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"


@pytest.mark.parametrize("text", ["# The head #\n\nBody.", "The head\n========\n\nBody."])
def test_markdown_heading_is_the_headline(text):
    """Without front matter the first heading is the title and no part of the body."""
    entry = _read("x.md", text.encode())
    assert (entry.title, entry.body.strip()) == ("The head", "<p>Body.</p>")


def test_html_fragment_and_page():
    """A fragment's h1 is its headline; a whole page goes to the page reader."""
    fragment = _read("f.html", b"<h1>Head &amp; tail</h1><p>Body</p>")
    assert (fragment.title, fragment.body, fragment.body_kind) == ("Head & tail", "<p>Body</p>", "html")
    whole = _read("g.htm", b"<html><head><title>T</title></head><body><p>Body</p></body></html>")
    assert (whole.title, whole.body, whole.body_kind) == ("T", "<p>Body</p>", "html")


@pytest.mark.parametrize(
    ("name", "body"),
    [("x.pdf", b"text"), ("x.txt", b"%PDF-1.4 stuff"), ("x.txt", bytes(range(256)) * 9), ("x.md", b"\xff\xfe")],
)
def test_what_is_no_text_is_refused(name, body):
    """The error names the file."""
    with pytest.raises(UnreadableError, match=name):
        _read(name, body)
