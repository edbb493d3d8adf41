"""What belongs to an article on a page although it stands in boxes of its own, or beside the body's."""

import re

import pytest

from syndicate.ingest.readers.page import extract

SENTENCE = "The river rose another hand's breadth before noon, and nobody on the bridge said a word about it. "
BODY = f"<p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p>"
HEADLINE = "<h1>The river at the bridge</h1>"


WIDGET = '<div class="elementor-widget elementor-widget-{}"><div class="elementor-widget-container">{}</div></div>'


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
