"""Which of a feed's links leads to the article."""

import pytest

from syndicate.ingest.readers import read
from syndicate.model import Payload, SourceSpec

SPEC = SourceSpec(key="s", kind="feed", location="https://feed.example/f")
PICTURE = '<link rel="enclosure" type="image/jpeg">https://cdn.example/ferry.jpg</link>'


def _entries(*links):
    atom = "".join(f"<entry><title>t</title>{link}</entry>" for link in links)
    rss = "".join(f"<item><title>t</title>{link}</item>" for link in links)
    bodies = (f'<feed xmlns="http://www.w3.org/2005/Atom">{atom}</feed>', f"<rss><channel>{rss}</channel></rss>")
    return [entry for body in bodies for entry in read(Payload(body.encode(), SPEC.location), SPEC).entries]


@pytest.mark.parametrize(
    "other",
    [
        PICTURE,
        '<link rel="alternate" type="application/pdf" href="https://a.example/story.pdf"/>',
        '<link rel="alternate" type="text/gemini" href="gemini://a.example/story"/>',
        '<link rel="replies" type="text/html" href="https://a.example/story/comments"/>',
    ],
)
def test_a_page_is_the_article_and_no_other_file(other):
    """Before or behind the article's page, a picture, another format or the comments are not the article."""
    page = '<link rel="alternate" type="text/html" href="https://a.example/story"/>'
    assert {entry.link for entry in _entries(page + other, other + page)} == {"https://a.example/story"}


def test_the_first_of_several_pages_is_the_article():
    """As nearly all readers have it."""
    several = '<link type="text/html" href="https://a.example/1"/><link type="text/html" href="https://a.example/2"/>'
    assert {entry.link for entry in _entries(several)} == {"https://a.example/1"}
    told = "<link>https://a.example/1</link><link>https://a.example/2</link>"
    assert {entry.link for entry in _entries(told)} == {"https://a.example/1"}


def test_a_picture_whose_address_stands_as_text_is_attached():
    """An enclosure that is written so is the entry's picture all the same."""
    atom, _ = _entries('<link href="https://a.example/story"/>' + PICTURE)
    assert (atom.link, [image.url for image in atom.images]) == (
        "https://a.example/story",
        ["https://cdn.example/ferry.jpg"],
    )
