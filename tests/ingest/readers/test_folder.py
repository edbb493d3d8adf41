"""Files of a folder become entries."""

from datetime import UTC, datetime

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import read
from syndicate.model import Payload, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize

SPEC = SourceSpec(key="desk", kind="folder", location="inbox")


def _read(name, body, modified=None):
    (entry,) = read(Payload(body, f"file:///inbox/{name}", modified=modified), SPEC).entries
    return entry


def test_plain_text_is_kept_as_it_is():
    """A text file's words come through whole, with one kind of line end; its name is its id."""
    entry = _read("a%20b.txt", "Héadline\r\r\n\r\nFirst.\rSecond.".encode("cp1252"), datetime(2024, 1, 1, tzinfo=UTC))
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


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("title: >\n  A day\n  at sea", "A day at sea"),
        ("title: A day: at sea\ndraft: false # yet", "A day: at sea"),
        ('title: "A day" at\tsea\npublished: true', '"A day" at sea'),
        ("title: [Video] A day at sea\ntags: [a,\n  b]", "[Video] A day at sea"),
        ("title: List<String>\nx: &x [1]\ny: [*x, *x, {z: *x}]", "List<String>"),
    ],
)
def test_front_matter_is_yaml_as_people_write_it(fields, title):
    """Texts may go over several lines, and headlines need no quotation marks."""
    assert _read("day.md", f"---\n{fields}\n---\nBody".encode()).title == title


@pytest.mark.parametrize(
    "text",
    [
        "---\nauthors:\n  - name: Ada Quay\n    url: /ada\n  - Mole, Ben\ndate: 2024-02-03\npublished: on\n---\nBody",
        "+++\ndate = 2024-02-03\n[[authors]]\nname = 'Ada Quay'\n[[authors]]\nname = 'Mole, Ben'\n+++\nBody",
    ],
)
def test_authors_of_front_matter_may_be_mappings(text):
    """Of each the name is taken; a switch beside the date is no date. TOML is read like YAML."""
    entry = _read("day.md", text.encode())
    assert entry.authors == (Person("Ada Quay"), Person("Mole, Ben"))
    assert entry.published == datetime(2024, 2, 3, tzinfo=UTC)


def test_fields_of_one_meaning_are_joined():
    """Tags and categories, author and byline add up; of two titles or dates our own name for it counts."""
    text = "---\nheadline: Not this\ntitle: A day\ncategories: [Church, School]\ntags: bells, school\n"
    entry = _read("day.md", f"{text}author: Ada Quay\nbyline: Ben Mole\nlastmod: 2024-02-04\n...\nBody".encode())
    assert entry.title == "A day"
    assert entry.categories == ("Church", "School", "bells", "school")
    assert entry.authors == (Person("Ada Quay"), Person("Ben Mole"))
    assert (entry.updated, entry.body) == (datetime(2024, 2, 4, tzinfo=UTC), "<p>Body</p>\n")


@pytest.mark.parametrize("name", ["mill.txt", "mill.md"])
@pytest.mark.parametrize("fence", ["", "---\n"])
def test_lines_of_fields_head_a_text(name, fence):
    """A first paragraph of nothing but "Title: ...", "Author: ..." tells title, people, date, whatever kind of file."""
    fields = f"{fence}Title: The mill: it reopens\nAuthor: Ada Quay\nDate: 2024-02-03\nTags: mills\n{fence}"
    entry = _read(name, f"{fields}\nIt turns again.\n".encode())
    assert (entry.title, entry.authors, entry.categories) == ("The mill: it reopens", (Person("Ada Quay"),), ("mills",))
    assert entry.published == datetime(2024, 2, 3, tzinfo=UTC)
    assert "Title:" not in entry.body


@pytest.mark.parametrize(
    "text",
    [
        "Title: The mill\n\nIt turns again.",
        "Place: the mill\nTime: seven\n\nIt turns again.",
        "Title: The mill\nHero: a miller\n\nIt turns again.",
        "---\n\nIt turns: again.\n\n---\n\nAnd again.",
    ],
)
def test_lines_with_colons_are_no_fields(text):
    """One line, or one that names something else, is the article's."""
    assert _read("mill.txt", text.encode()).body == text


def test_a_date_in_a_files_name_dates_it():
    """As Jekyll and newsrooms name their files; the headline goes without it."""
    entry = _read("2024-02-03-the-mill.md", b"It turns again.", datetime(2026, 1, 1, tzinfo=UTC))
    assert (entry.title, entry.published) == ("the mill", datetime(2024, 2, 3, tzinfo=UTC))
    assert _read("2024-02-03.md", b"It turns.").title == "2024 02 03"


@pytest.mark.parametrize(
    "head",
    [
        "{}\n\nThe Mill Opens\n\nBy Ada Quay",
        "The Mill Opens\n\n{}\n\nBy Ada Quay",
        "The Mill Opens\n\nBy Ada Quay\n{}",
        "The Mill Opens\n\nPublished: {}",
    ],
)
def test_a_date_around_a_texts_headline_dates_it(head):
    """What stands beside headline and byline counts more than when the file was written; fields count more than it."""
    body = head.format("Saturday, February 3, 2024 6:04 p.m.") + "\n\nLEITH (Wire) – It opened on Monday."
    assert _read("mill.txt", body.encode()).published == datetime(2024, 2, 3, 18, 4, tzinfo=UTC)
    dated = _read("mill.txt", f"Title: The Mill\nDate: 2024-01-01\n\n{body}".encode())
    assert dated.published == datetime(2024, 1, 1, tzinfo=UTC)


def test_relative_addresses_of_markdown_are_seen_from_its_link():
    """Pictures and links of a file that names where its article stands lead where they would there."""
    text = "---\nlink: https://e.example/2024/mill/\nimage: /i.jpg\n---\n[the report](report.pdf)"
    entry = _read("mill.md", text.encode())
    assert entry.base_url == "https://e.example/2024/mill/"
    assert [image.url for image in entry.images] == ["https://e.example/i.jpg"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: Soon\ndraft: true\n---\nBody", "says that it is a draft"),
        ("---\npublished: false\ndate: 2024-02-03\n---\nBody", "says that it is a draft"),
        ("---\nstatus: Draft\n---\nBody", "says that it is a draft"),
        ("+++\ndraft = true\n+++\nBody", "says that it is a draft"),
        ("---\ntitle: [\n---\nBody", "front matter can't be read"),
        (f"---\n{'[' * 9000}\n---\nBody", "front matter can't be read"),
        ("+++\ntitle = A day\n+++\nBody", "front matter can't be read"),
    ],
)
def test_a_draft_is_left(text, reason):
    """It is no article, and neither is a file of which that can't be told; the error says so."""
    with pytest.raises(UnreadableError, match=f"day.md: its .*{reason}"):
        _read("day.md", text.encode())


def test_text_between_two_lines_is_no_front_matter():
    """Dashes are also drawn around words of the article."""
    assert "Words of the article" in _read("x.md", b"---\nWords of the article\n---\nBody").body


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


@pytest.mark.parametrize("line", ["By Ada Quay", "It turns again."])
def test_the_head_of_a_document_names_the_author_where_no_byline_does(line):
    """Word and others write into it whose computer it was: nobody's co-author."""
    told = "The mill by the river turns again after the flood, the miller said on Monday, and sells its flour. "
    head = '<head><title>The mill</title><meta name="author" content="Parish Office"></head>'
    page = f"<html>{head}<body><h1>The mill</h1><p>{line}</p><p>{told * 3}</p><p>{told * 2}</p></body></html>"
    article = normalize(_read("m.html", page.encode()), SPEC, Reading("folder"))
    assert article.authors == (Person("Ada Quay" if line.startswith("By") else "Parish Office"),)


@pytest.mark.parametrize(
    ("name", "body"),
    [("x.pdf", b"text"), ("x.txt", b"%PDF-1.4 stuff"), ("x.txt", bytes(range(256)) * 9), ("x.md", b"\xff\xfe")],
)
def test_what_is_no_text_is_refused(name, body):
    """The error names the file."""
    with pytest.raises(UnreadableError, match=name):
        _read(name, body)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_a_field_may_hold_the_line_ends_of_other_programs(end):
    """What ends a line for a typesetter or an old mainframe stands within a field's line, and fails no file."""
    entry = _read("a.txt", f"Title: The{end}ferry sails\nAuthor: Ada Quay\n\nThe pier is mended.\n".encode())
    assert (entry.title.split()[-2:], entry.body) == (["ferry", "sails"], "The pier is mended.")
