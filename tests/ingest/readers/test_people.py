"""Who wrote and owns an entry, out of the fields that each feed fills in its own way."""

import json

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, Person, SourceSpec
from syndicate.normalize.article import normalize

SPEC = SourceSpec(key="s", kind="feed", location="https://feed.example/f")


def _names(body):
    return [author.name for author in read(Payload(body.encode(), SPEC.location), SPEC).entries[0].authors]


def _item(*fields):
    creators = "".join(f"<dc:creator>{field}</dc:creator>" for field in fields[:1] if field)
    authors = "".join(f"<author>{field}</author>" for field in fields[1:])
    namespace = "xmlns:dc='http://purl.org/dc/elements/1.1/'"
    return f"<rss {namespace}><channel><item><title>t</title>{creators}{authors}</item></channel></rss>"


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        (("", "ada@e.example (Ada Quay), ben@e.example (Ben Mole)"), ["Ada Quay", "Ben Mole"]),
        (("", "Ada Quay &lt;ada@e.example&gt;, Ben Mole &lt;ben@e.example&gt;"), ["Ada Quay", "Ben Mole"]),
        (("", "ada@e.example (Quay, Ada)"), ["Quay, Ada"]),
        (("", "hidden (quay)"), ["quay"]),
        (("", "Ada (Editor)"), ["Ada (Editor)"]),
        (("Ada Quay and Ben Mole", "a@e.example (Ada Quay)"), ["Ada Quay", "Ben Mole"]),
        (("Ada Quay, Ben Mole and Cy Reed",), ["Ada Quay", "Ben Mole", "Cy Reed"]),
        (("By Ada Quay",), ["Ada Quay"]),
        (("Byron Quay",), ["Byron Quay"]),
        (("Research and Development Team",), ["Research and Development Team"]),
        (("Quay &amp; Sons",), ["Quay & Sons"]),
    ],
)
def test_each_author_is_named_once(fields, names):
    """Several in one field are told apart by their addresses or full names; a house's name stays whole."""
    assert _names(_item(*fields)) == names


def test_an_atom_entry_that_names_nobody_is_by_whom_its_source_or_feed_names():
    """Atom's authors are inherited; the editor of an RSS channel wrote nothing."""
    body = "<title>t</title><author><name>Ada Quay</name></author>"
    source = "<source><title>s</title><author><name>Ben Mole</name></author></source>"
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>f</title><author><name>Cy Reed</name></author>"
        f"<entry>{body}{source}</entry><entry><title>u</title>{source}</entry><entry><title>v</title></entry></feed>"
    )
    reading = read(Payload(feed.encode(), SPEC.location), SPEC)
    assert [[one.name for one in entry.authors] for entry in reading.entries] == [["Ada Quay"], ["Ben Mole"], []]
    assert reading.authors == (Person("Cy Reed"),)
    rss = b"<rss><channel><managingEditor>Ed Itor</managingEditor><item><title>t</title></item></channel></rss>"
    assert read(Payload(rss, SPEC.location), SPEC).authors == ()


def test_several_names_in_one_author_are_several_people():
    """Each is named, in their order; feedparser gives the last."""
    both = "<author><name>Ada Quay</name>\n <name>Ben Mole and Cy Reed</name></author>"
    entry = f"<title>t</title>{both}<author><name>Dora Lund</name></author>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{entry}</entry></feed>"
    assert _names(feed) == ["Ada Quay", "Ben Mole", "Cy Reed", "Dora Lund"]


@pytest.mark.parametrize(
    ("said", "rights"),
    [
        ("© {year}", ""),
        ("{{ site.copyright }}", ""),
        ("Powered by [Hugo](//hugo.example)", ""),
        ("© {year} Ada Quay", "© {year} Ada Quay"),
        ("Powered by Hugo. © Ada Quay", "Powered by Hugo. © Ada Quay"),
        ("2020, Quay Presents", "2020, Quay Presents"),
    ],
)
def test_rights_that_name_no_owner_are_none(said, rights):
    """What a template left unfilled, and a maker of software, own nothing; a licence that is linked counts then."""
    feed = f"<rss><channel><copyright>{said}</copyright><item><title>t</title></item></channel></rss>"
    assert read(Payload(feed.encode(), SPEC.location), SPEC).rights == rights
    licence = "<link rel='license' href='https://cc.example/by'/>"
    entry = f"<entry><title>t</title><rights>{said}</rights>{licence}</entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"
    assert read(Payload(atom.encode(), SPEC.location), SPEC).entries[0].rights == (rights or "https://cc.example/by")


def test_json_feed_may_name_several_as_one():
    """An author's name there is what an editor typed."""
    assert _names(json.dumps({"items": [{"id": "1", "authors": [{"name": "by Ada Quay and Ben Mole"}]}]})) == [
        "Ada Quay",
        "Ben Mole",
    ]


def test_who_is_not_named_is_not_given_another_name():
    """The feed's authors sign what names nobody, but not what somebody else wrote of whom only an address is told."""
    items = [{"id": "1"}, {"id": "2", "authors": [{"name": "m@quay.example"}, {"url": "https://quay.example/m"}]}]
    items += [{"id": "3", "authors": [{}]}, {"id": "4", "author": {"name": "Ada Quay"}}]
    items = [{**item, "content_text": "The ferry sails."} for item in items]
    feed = json.dumps({"authors": [{"name": "Cy Reed"}], "items": items})
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>f</title><author><name>Cy Reed</name></author>"
        "<entry><title>t</title></entry>"
        "<entry><title>u</title><author><email>m@quay.example</email></author></entry></feed>"
    )
    signed = [
        [[who.name for who in normalize(entry, SPEC, reading).authors] for entry in reading.entries]
        for reading in (read(Payload(body.encode(), SPEC.location), SPEC) for body in (feed, atom))
    ]
    assert signed == [[["Cy Reed"], [], ["Cy Reed"], ["Ada Quay"]], [["Cy Reed"], []]]


def test_an_atom_entry_is_its_sources_and_its_content_may_be_a_file():
    """The rights of the feed that an entry came from count before those of its feed; a film is attached."""
    content = '<content type="video/mp4" src="/film.mp4"/><content type="text/html" src="/page"/>'
    source = "<source><title>s</title><rights>© 2026 Quay Films</rights></source>"
    entry = f"<entry><title>A film</title><summary>Of the feast.</summary>{content}{source}</entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><rights>© 2026 The House</rights>{entry}</feed>'
    (film,) = read(Payload(feed.encode(), SPEC.location), SPEC).entries
    assert film.rights == "© 2026 Quay Films"
    assert [(file.url, file.type) for file in film.enclosures] == [("https://feed.example/film.mp4", "video/mp4")]
