"""No field of an article holds more than anybody means."""

import pytest

from syndicate.model import Enclosure, Entry, Image, Original, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.bounds import bounded
from tests.render.articles import WIRE

SPEC = SourceSpec(key="s", kind="feed", location="https://e.example/f", language="en")
LONG = "word " * 4_000


def _article(**fields):
    return normalize(Entry(**{"title": "T", "body": "<p>x</p>", **fields}), SPEC, Reading("json11"))


@pytest.mark.parametrize("published", WIRE, ids=lambda published: published.article.title)
def test_ordinary_articles_are_left_alone(published):
    """Nothing of what publishers write is touched."""
    assert bounded(published.article) == published.article


def test_long_lists_end():
    """A hundred categories, people and files are taken, and five hundred pictures; the first of them."""
    article = _article(
        categories=tuple(f"c{n}" for n in range(12_000)),
        authors=tuple(Person(f"Jane Doe {n}") for n in range(4_000)),
        enclosures=tuple(Enclosure(f"https://e.example/{n}.mp3") for n in range(4_000)),
        images=tuple(Image(f"https://e.example/{n}.png") for n in range(4_000)),
    )
    assert article.categories == tuple(f"c{n}" for n in range(100))
    assert article.authors[-1].name == "Jane Doe 99"
    assert article.enclosures[-1].url == "https://e.example/99.mp3"
    assert article.images[-1].url == "https://e.example/499.png"


def test_long_texts_are_shortened():
    """On a word's border, with an ellipsis."""
    article = _article(
        title=LONG,
        rights=LONG,
        authors=(Person(LONG, LONG, LONG),),
        original=Original(LONG, "https://other.example/a"),
        images=(Image("https://e.example/i.png", LONG, LONG, LONG),),
    )
    person, image, original = article.authors[0], article.images[0], article.original
    assert original is not None
    expected = {
        200: (person.name, person.role, person.organization, original.name),
        300: (image.credit,),
        1_000: (article.title,),
        5_000: (article.rights,),
        10_000: (image.caption, image.alt),
    }
    for length, texts in expected.items():
        for text in texts:
            assert length - 6 < len(text) <= length
            assert text.endswith("word…")


def test_what_is_too_long_to_be_meant_is_left_out():
    """A category of a hundred words is none, an address that no server takes neither."""
    endless = "https://e.example/" + "x" * 8_000
    article = _article(
        categories=("News", LONG, "Ferries"),
        link=endless,
        authors=(Person("Jane Doe", url=endless),),
        images=(Image(endless), Image("https://e.example/i.png")),
        enclosures=(Enclosure(endless), Enclosure("https://e.example/a.pdf")),
    )
    assert article.categories == ("News", "Ferries")
    assert article.link == ""
    assert article.authors == (Person("Jane Doe"),)
    assert [image.url for image in article.images] == ["https://e.example/i.png"]
    assert [file.url for file in article.enclosures] == ["https://e.example/a.pdf"]
