"""Where an article goes on, and its pages as one article."""

import pytest

from syndicate.ingest.leaves import bound
from syndicate.ingest.readers.page import article, goes_on
from syndicate.model import Entry, Payload, SourceSpec

SPEC = SourceSpec("c", "page", "https://courier.example/")
URL = "https://courier.example/coast/harbour-reopens"
MONDAY = "<p>The ferry sailed again on Monday with forty people, two tractors and a piano on its deck.</p>"
TUESDAY = "<p>On Tuesday the crew found the pier under water, and waited for the tide with the mayor.</p>"


def leaf(body: str, number: int = 1, head: str = "", url: str = "") -> Payload:
    """A page of the article, as it came."""
    markup = f"<!doctype html><html><head><title>Harbour reopens</title>{head}</head><body>{body}</body></html>"
    return Payload(markup.encode(), url or (URL if number == 1 else f"{URL}/{number}"), "text/html")


def story(words: str, above: str = "") -> str:
    """A page's body: the headline, and what stands below it."""
    return f"<main><h1>Harbour reopens</h1>{above}<article>{words * 2}</article></main>"


def read(*leaves: Payload) -> Entry:
    """The article of these pages."""
    return article(bound(leaves), SPEC)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<link rel="next" href="/coast/harbour-reopens/2">', "/2"),
        ('<link rel="next" href="/coast/harbour-reopens?page=2">', "?page=2"),
        ('<a rel="next" href="/coast/harbour-reopens/page/2/">More</a>', "/page/2/"),
        ('<a href="/coast/harbour-reopens/2/"> <b>2</b> </a>', "/2/"),
        ('<a href="/coast/harbour-reopens/3/">3</a>', ""),
        ('<a href="/coast/harbour-reopens/2/">Older</a>', ""),
        ('<a href="/coast/2/">2</a>', ""),
        ('<link rel="next" href="/coast/harbour-reopens-again">', ""),
        ('<link rel="next" href="/coast/harbour-reopens/comment-page-2">', ""),
        ('<a href="/coast/harbour-reopens?cpage=2">2</a>', ""),
        ('<a href="/coast/harbour-reopens?page=2#comments">2</a>', ""),
        ('<link rel="prev" href="/coast/harbour-reopens/2">', ""),
    ],
)
def test_an_article_goes_on_at_its_own_address_and_a_number(link: str, address: str) -> None:
    """What a page calls its next may be the next article, and what it counts may be its comments."""
    first = leaf(link + story(MONDAY))
    expected = address and URL + address
    assert (goes_on(first), read(first).goes_on) == (expected, expected)


def test_the_last_page_tells_where_it_goes_on() -> None:
    """Behind two pages comes the third, as the second says, and behind the last one nothing."""
    second = leaf(story(TUESDAY) + f'<a href="{URL}">1</a> <a href="{URL}/3">3</a>', 2)
    first = leaf(story(MONDAY) + f'<a href="{URL}/2">2</a>')
    both = bound([first, second])
    assert (goes_on(both), article(both, SPEC).goes_on) == (f"{URL}/3", f"{URL}/3")
    assert goes_on(bound([first, leaf(story(TUESDAY), 2)])) == ""


def test_what_heads_every_page_is_said_once() -> None:
    """Deck and picture of the first page do not come again with the second; the text of both stands in order."""
    deck = "<p class='deck'>After nine weeks of storms, boats may land on the island again from today on</p>"
    above = f"{deck}<figure><img src='/pier.jpg' width='900' height='600'></figure>"
    entry = read(leaf(story(MONDAY, above)), leaf(story(TUESDAY, above), 2))
    assert [entry.body.count(one) for one in ("After nine weeks", "pier.jpg", "Monday", "Tuesday")] == [1, 1, 2, 2]
    assert entry.body.index("Monday") < entry.body.index("Tuesday")


def test_each_page_has_its_own_base() -> None:
    """A relative address on a later page is seen from there."""
    picture = "<p><img src='boat.jpg' width='900' height='600'></p>"
    entry = read(leaf(story(MONDAY)), leaf(story(TUESDAY + picture), url=f"{URL}/part/2"))
    assert f'src="{URL}/part/boat.jpg"' in entry.body


def test_a_page_that_holds_no_article_is_told() -> None:
    """What can't be read of a later page does not cost the others, and is not passed over in silence."""
    entry = read(leaf(story(MONDAY)), leaf("<p>Sorry.</p>", 2), leaf(story(TUESDAY), 3))
    assert entry.body.count("Monday") == entry.body.count("Tuesday") == 2
    assert f"{URL}/2" in entry.doubt
