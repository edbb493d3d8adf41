"""What is no feed is refused with a plain reason; what is half a feed gives its good half."""

import json
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import read
from syndicate.model import Original, Payload, SourceSpec

SPEC = SourceSpec(key="s", kind="feed", location="https://feed.example/f")


def _read(body, content_type=""):
    return read(Payload(body, SPEC.location, content_type), SPEC)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"<!DOCTYPE html><html><head><title>x</title></head><body>503</body></html>", "HTML page"),
        (b"<html><body><link href='/x'>hello</body></html>", "HTML page"),
        (b"hello there", "no feed"),
        (b"/etc/passwd", "no feed"),
        (b"http://127.0.0.1:9/", "no feed"),
        (b"\x00" * 500, "no feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no feed"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b'{"items": [', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"<rss " + b"a='b' " * 20_000 + b"><channel/></rss>", "root element"),
    ],
)
def test_no_feed_is_refused(body, reason):
    """The error names the address and says in one line what is wrong."""
    with pytest.raises(UnreadableError) as refused:
        _read(body)
    assert reason in str(refused.value)
    assert SPEC.location in str(refused.value)
    assert "\n" not in str(refused.value)


def test_good_entries_of_malformed_xml_are_taken():
    """One bare ampersand loses nothing and is reported."""
    found = _read(b"<rss><channel><item><title>A & B</title></item><item><title>C</title></item></channel></rss>")
    assert [entry.title for entry in found.entries] == ["A & B", "C"]
    assert "not well-formed" in found.failures[0].reason


def test_bare_ampersands_stay_as_they_are():
    """In words, in links of escaped HTML and in CDATA none becomes a reference; those that are stay references."""
    body = "R&D&nbsp;says &lt;a href='/?q=1&r=2&amp;s=3'&gt;so&lt;/a&gt;"
    cdata = "<![CDATA[R&D <a href='/?q=1&r=2'>says</a> &amp; so]]>"
    items = "".join(
        f"<item><title>AT&T &#8211; Q&A</title><description>{text}</description></item>" for text in (body, cdata)
    )
    escaped, plain = _read(f"<rss version='2.0'><channel><title>A&B</title>{items}</channel></rss>".encode()).entries
    assert escaped.title == plain.title == "AT&T – Q&A"
    assert escaped.body == "R&D\xa0says <a href='/?q=1&r=2&s=3'>so</a>"
    assert plain.body == "R&D <a href='/?q=1&r=2'>says</a> &amp; so"


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#xdfff;", "&#57343;", "&#x110000;", "&#99999999999999;", "&#x0001F600;"]
)
def test_an_impossible_character_costs_nobody_an_entry(reference):
    """A reference to what is no character stands in one title; that entry and its neighbours are read."""
    titles = ("First", f"A {reference} b", "Last")
    items = "".join(f"<item><guid>{n}</guid><title>{t}</title></item>" for n, t in enumerate(titles))
    entries = _read(f"<rss version='2.0'><channel>{items}</channel></rss>".encode()).entries
    assert [entry.title for entry in entries if "b" not in entry.title] == ["First", "Last"]
    assert len(entries) == 3


def test_entry_at_a_break_is_left_for_the_next_poll():
    """A transfer that broke off must not publish half an article."""
    found = _read(b"<rss><channel><item><title>A</title></item><item><title>B</title><description>Half of the t")
    assert [entry.title for entry in found.entries] == ["A"]
    assert ("B", "the feed breaks off within this entry") in [(f.where, f.reason) for f in found.failures]


def test_empty_feed_is_a_feed():
    """A channel without items is nothing to complain about."""
    assert _read(b'<rss version="2.0"><channel><title>t</title></channel></rss>').entries == ()


def test_illegal_characters_do_not_reach_anybody():
    """Control characters that XML can't carry are dropped before parsing."""
    found = _read(b"<rss><channel><item><title>a\x00\x01b\xef\xbf\xbf</title></item></channel></rss>")
    assert found.entries[0].title == "ab"
    assert found.failures == ()


def test_guid_of_all_entries_is_of_no_use():
    """One guid for different articles gives way to their links; a true guid stays."""
    item = "<item><guid>same</guid><title>{0}</title><link>https://e.example/{0}</link></item>"
    found = _read(f"<rss><channel>{item.format('a')}{item.format('b')}</channel></rss>".encode())
    assert [entry.key for entry in found.entries] == ["", ""]
    assert found.keys == ("link:e.example/a", "link:e.example/b")


def test_entries_that_nothing_else_tells_apart_have_their_key_for_an_id():
    """Letters under one title, without guids and addresses, are told apart by their words."""
    item = "<item><title>Letter</title><description>{}</description></item>"
    found = _read(f"<rss><channel>{item.format('One')}{item.format('Two')}</channel></rss>".encode())
    assert tuple(entry.key for entry in found.entries) == found.keys
    assert len(set(found.keys)) == 2


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("<guid>na</guid>", ""),
        ("<guid>?p=5</guid>", ""),
        ("<guid isPermaLink='true'>news/5</guid>", ""),
        ("<guid isPermaLink='false'>https://e.example/5</guid>", ""),
        ("<guid>https://e.example/5</guid>", "https://e.example/5"),
        ("<guid>na</guid><link>/5</link>", "https://feed.example/5"),
        ("<link>/5</link><guid>na</guid>", "https://feed.example/5"),
        ("<link>na</link><guid>na</guid>", "https://feed.example/na"),
    ],
)
def test_a_guid_is_opaque(guid, link):
    """It is taken as it is written, wherever the feed lies, and is a link only if it is a whole address."""
    found = _read(f"<rss><channel><item>{guid}<title>t</title></item></channel></rss>".encode())
    assert found.entries[0].key == guid.partition("guid")[2].partition(">")[2].partition("<")[0]
    assert found.entries[0].link == link


def test_entities_are_not_resolved_from_outside():
    """No file is read and nothing expands for an entity of the document."""
    body = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><item><title>a&x;b</title></item></channel></rss>'
    assert _read(body).entries[0].title in {"ab", "a&x;b"}


@pytest.mark.parametrize(
    ("told", "categories"),
    [
        (("Harbour,Ada Quay, ferries,",), ("Harbour", "Ada Quay", "ferries")),
        (("Arts, Books, and Film",), ("Arts, Books, and Film",)),
        (("Leith, Scotland",), ("Leith, Scotland",)),
        (("Leith, Edinburgh, Scotland", "Ferries"), ("Leith, Edinburgh, Scotland", "Ferries")),
    ],
)
def test_a_list_in_one_category_is_several(told, categories):
    """Some systems put all their tags into one element; a name with commas in it stays whole."""
    fields = "".join(f"<category>{one}</category>" for one in told)
    [entry] = _read(f"<rss><channel><item><title>t</title>{fields}</item></channel></rss>".encode()).entries
    assert entry.categories == categories


def test_media_description_does_not_become_the_article():
    """A caption stays with its picture, also when it follows the description."""
    found = _read(
        b'<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>t</title>'
        b"<description>The real text.</description><media:content url='https://e.example/p.jpg' medium='image'>"
        b"<media:description>A caption that is much longer than the real text of it</media:description>"
        b"</media:content></item></channel></rss>"
    )
    assert found.entries[0].body == "The real text."
    assert found.entries[0].images[0].caption.startswith("A caption")


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_read_or_refuse(noise):
    """Whatever bytes come, there is a reading or an UnreadableError, nothing else."""
    for body in (noise, b"<rss><channel><item><title>" + noise, b'{"items": [{"id": "' + noise + b'"}]}'):
        try:
            _read(body)
        except UnreadableError:
            continue


def test_open_sections_are_looked_through_once():
    """Half a megabyte of CDATA that never ends, in a feed that is no XML, takes no longer than any other."""
    began = process_time()
    _read(b"<rss><channel><item><title>A & B</title><description>" + b"<![CDATA[" * 60_000)
    assert process_time() - began < 4


def test_of_a_flood_the_first_entries_are_read():
    """What is beyond the limit costs next to nothing, so that the child gets the others read in its time."""
    entries = "".join(f"<item><title>Story {n}</title><guid>g{n}</guid></item>\n" for n in range(50_000))
    feed = f"<rss version='2.0'><channel><title>T</title>{entries}</channel></rss>"
    began = process_time()
    reading = _read(feed.encode())
    assert process_time() - began < 4
    assert [reading.entries[n].title for n in (0, -1)] == ["Story 0", "Story 4999"]
    assert [f.reason for f in reading.failures] == ["50000 entries; only the first 5000 are read"]
    assert len(reading.entries) == 5_000


def _items(count, kind):
    """The body of a JSON Feed, or of a part of WordPress's posts, with so many entries."""
    if kind == "feed":
        return json.dumps({"items": [{"id": f"g{n}", "title": f"Story {n}"} for n in range(count)]}).encode()
    return json.dumps([{"id": n, "title": {"rendered": f"Story {n}"}} for n in range(count)]).encode()


@pytest.mark.parametrize("kind", ["feed", "wordpress"])
def test_the_limit_of_entries_holds_for_every_format(kind):
    """Of more than 5,000 items or posts the first are read, and a failure says so; of 5,000 all are."""
    spec = replace(SPEC, kind=kind)
    reading = read(Payload(_items(5_001, kind), SPEC.location), spec)
    assert (len(reading.entries), reading.entries[-1].title) == (5_000, "Story 4999")
    assert [f.reason for f in reading.failures] == ["5001 entries; only the first 5000 are read"]
    whole = read(Payload(_items(5_000, kind), SPEC.location), spec)
    assert (len(whole.entries), whole.failures) == (5_000, ())


def test_a_flood_of_what_is_no_entry_is_told_once():
    """A report names the first 5,000 failures and how many there were."""
    reading = _read(json.dumps({"items": [1] * 20_000}).encode())
    assert len(reading.failures) == 5_001
    assert reading.failures[-1].reason == "20000 failures; only the first 5000 are told"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("rss", "<source url='https://p.example/f?token=secret'>Partner</source>"),
        ("feed", "<source><title>Partner</title><id>https://p.example/f?t</id><link rel='self' href='/f?t'/></source>"),
    ],
)
def test_the_feed_that_an_entry_came_by_is_named_without_its_address(kind, source):
    """A feed's address may hold a subscriber's secret, and is no page that a reader could be sent to."""
    found = _read(f"<{kind}><entry><title>t</title>{source}</entry></{kind}>".encode())
    assert found.entries[0].original == Original("Partner")
