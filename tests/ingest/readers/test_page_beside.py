"""What belongs to an article on a page although it stands in boxes of its own, or beside the body's."""

import re

import pytest

from syndicate.ingest.readers.page import article, extract
from syndicate.model import Payload, SourceSpec

SENTENCE = "The river rose another hand's breadth before noon, and nobody on the bridge said a word about it. "
BODY = f"<p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p>"
HEADLINE = "<h1>The river at the bridge</h1>"


WIDGET = '<div class="elementor-widget elementor-widget-{}"><div class="elementor-widget-container">{}</div></div>'


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def body_of(article: str) -> str:
    """What comes out of a page whose article holds this below its headline."""
    page = f"<title>The river at the bridge</title><main><article>{HEADLINE}{article}</article></main>"
    return extract(page, "https://p.example/river").html


@pytest.mark.parametrize(
    "box",
    [
        '<div class="gallery"><dl class="gallery-item"><a href="/river/a1/"><img src="/a.jpg"></a></dl></div>',
        '<div class="carousel"><img src="/a.jpg"></div>',
        WIDGET.format("image", '<a href="/a.jpg"><img src="/a.jpg"></a>'),
    ],
)
def test_galleries_and_sliders_keep_their_pictures(box):
    """A box of pictures without words between the paragraphs stays, whatever it is called."""
    assert 'src="/a.jpg"' in body_of(f"<div class=x>{BODY}{box}{BODY}</div>")


@pytest.mark.parametrize(
    "box",
    [
        '<div class="carousel"><a href="/other-story"><img src="/a.jpg"></a></div>',
        WIDGET.format("image", '<a href="https://shop.example/"><img src="/a.jpg"></a>'),
        '<div class="post-tools"><img src="/a.jpg"></div>',
    ],
)
def test_pictures_that_are_links_elsewhere_or_buttons_still_go(box):
    """Teasers, banners and icons in boxes called promotion or tools are cut as before."""
    assert "/a.jpg" not in body_of(f"<div class=x>{BODY}{box}{BODY}</div>")


def test_a_page_builders_subhead_stays():
    """A short heading in Elementor's own box is a subhead, not a button."""
    box = WIDGET.format("heading", "<h2>The cost</h2>")
    assert "<h2>The cost</h2>" in body_of(f"<div class=x>{BODY}{box}{BODY}</div>")


DECK = "A town keeps a bridge that nobody has crossed"


@pytest.mark.parametrize(
    "deck", [f"<h2>{DECK}</h2>", f"<div><h2>{DECK}</h2></div>", "<p>町は誰も渡らない橋を今年も残す。</p>"]
)
def test_a_line_right_below_the_headline_is_its_deck(deck):
    """A second heading before the body's box is a deck, and a short sentence of dense script says enough for one."""
    html = body_of(f'{deck}<p class="byline">By Ada Byrne</p><div class="article-body">{BODY}</div>')
    assert html.startswith(f'<p class="deck">{text(deck)}</p>')


def test_a_deck_inside_the_body_stays():
    """What is called a standfirst or subtitle above the first paragraph is no scrap; dates and counters are."""
    html = body_of(f'<div class="standfirst">{DECK}</div><div class="x">6 min read</div>{BODY}')
    assert DECK in html
    assert "6 min" not in html


def test_a_later_heading_above_the_body_is_no_deck():
    """Behind a byline or date, a heading that ends like none of prose heads something else."""
    html = body_of(f'<p class="byline">By Ada Byrne</p><h2>{DECK}</h2><div class="article-body">{BODY}</div>')
    assert DECK not in html


PICTURE = '<img src="/hero.jpg">'
CAPTION = "The bridge. Photo: Ada Byrne"


@pytest.mark.parametrize(
    "lead",
    [
        f"<figure>{PICTURE}<figcaption>{CAPTION}</figcaption></figure>",
        f'<header><div class="hero">{PICTURE}<div class="wp-caption-text">{CAPTION}</div></div></header>',
        f'<div class="x"><img width="800" src="/hero.jpg"><p class="image-caption">{CAPTION}</p></div>',
    ],
)
def test_the_picture_between_headline_and_body_keeps_its_caption(lead):
    """What stands above the body's own box is the article's picture, with caption and credit."""
    html = body_of(f'{lead}<div class="article-body">{BODY}</div>')
    assert re.search(
        r"<figure.*/hero.jpg.*<figcaption[^>]*>The bridge. Photo: Ada Byrne</figcaption>.*</figure>.*The river rose",
        html,
    )


def test_a_picture_that_is_there_twice_is_shown_once():
    """Of two figures with the same caption, for small and for large screens, one is taken."""
    figure = f"<figure>{PICTURE}<figcaption>{CAPTION}</figcaption></figure>"
    html = body_of(f'{figure}{figure.replace("hero", "hero-800")}<div class="article-body">{BODY}</div>')
    assert html.count(CAPTION) == 1


@pytest.mark.parametrize(
    "above",
    [
        f'<figure><a href="/other-story">{PICTURE}</a><figcaption>Ice on the lake</figcaption></figure>',
        f'<div class="byline"><figure>{PICTURE}</figure>By Ada Byrne</div>',
        f'<figure class="sponsor">{PICTURE}</figure>',
        f"<aside><figure>{PICTURE}</figure></aside>",
        '<div class="image"><img class="avatar" src="/hero.jpg"></div>',
        f"<div>{PICTURE}</div>",
    ],
)
def test_teasers_faces_and_banners_above_the_body_are_no_lead(above):
    """Pictures that lead elsewhere, show the author or say nothing of what they are stay out."""
    assert "hero.jpg" not in body_of(f'{above}<div class="article-body">{BODY}</div>')


@pytest.mark.parametrize(
    "note",
    [
        "<p>Correction, 6 May: The bridge was built in 1971, not in 1981.</p>",
        "<p><em>(Reporting by Ada Byrne; editing by Tom Riley)</em></p>",
        '<div class="footnotes"><ol><li>City archive, file 12, letters of 1971.</li></ol></div>',
        '<aside class="fact-box"><h3>If you go</h3><p>The bridge is open from 10 to 16.</p></aside>',
        f'<div class="article-body-second"><p>{SENTENCE}</p></div>',
        "<table><tr><th>Votes</th><td>17</td></tr></table>",
    ],
)
def test_notes_and_tables_behind_the_bodys_box_are_the_articles(note):
    """Corrections, credits, footnotes, facts and tables that follow the body in the article are not lost."""
    share = '<div class="share">Share this story</div>'
    html = body_of(f'<div class="article-body">{BODY}</div>{share}{note}')
    assert text(html).endswith(text(note))


def test_what_is_not_taken_along_behind_the_body_is_a_cut():
    """Other boxes behind the body stay out, with all that follows them, and are told with name and text."""
    behind = '<div class="related"><h3>More</h3><p>Ice on the lake, again.</p></div><p>We are a paper of the river.</p>'
    page = f'<article>{HEADLINE}<div class="article-body">{BODY}</div>{behind}</article>'
    found = extract(
        f"<title>The river at the bridge</title>{page}<footer>Imprint and rules</footer>", "https://p.example/a"
    )
    assert [(cut.family, cut.text) for cut in found.cuts] == [
        ("related", "More\nIce on the lake, again."),
        ("after", "We are a paper of the river."),
    ]
    assert "paper of the river" not in found.html


def test_what_a_person_keeps_behind_the_body_stays():
    """A box that would be left out behind the body's is taken along where a ruling keeps its text."""
    page = (
        f'<article>{HEADLINE}<div class="article-body">{BODY}</div><div class="y">The bridge is shut.</div></article>'
    )
    payload = Payload(f"<title>The river at the bridge</title>{page}".encode(), "https://p.example/a", "text/html")
    entry = article(payload, SourceSpec("p", "page", "https://p.example/"), lambda text, _: "shut" in text)
    assert entry.body.endswith('<div class="y">The bridge is shut.</div>')
    assert not entry.cuts
