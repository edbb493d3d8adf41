"""What a cleaned body looks like as HTML: its lines stay apart, and its pictures are the article's."""

import re
from dataclasses import replace

import pytest

from syndicate.model import Image
from syndicate.strip.article import strip
from tests.strip.bodies import PROSE, article


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<blockquote>Not for sale.<footer>A. Stroud</footer></blockquote>", "Not for sale.<p>A. Stroud</p>"),
        ("<section>One board.</section><section>One crane.</section>", "<p>One board.</p><p>One crane.</p>"),
        ("<div>at<address>Quay 4<br>Toller</address>beside</div>", "<div>at<p>Quay 4<br>Toller</p>beside</div>"),
        ("<fieldset><legend>The facts</legend>One crane</fieldset>", "<div><p>The facts</p>One crane</div>"),
        ("<section><p>One board.</p></section>", "<p>One board.</p>"),
        ("<table><form><tr><td>One</td></tr></form></table>", "<table><tbody><tr><td>One</td></tr></tbody></table>"),
    ],
)
def test_lines_stay_apart(source: str, html: str) -> None:
    """The words of a block whose tag may not leave don't run into those beside it."""
    cleaned = strip(article(PROSE + source + PROSE.replace("ferry", "barge")))
    assert html in cleaned.html


def test_what_is_set_in_lines_has_lines_as_text() -> None:
    """Verse and code in `<pre>` are as many lines of plain text, without blank ones; offsets of cuts count the same."""
    verse = "The fog came in\n   on little feet,\n\nand went."
    cleaned = strip(article(f"{PROSE}<pre>{verse}</pre><p>Share this article on Facebook</p>"))
    assert cleaned.text.endswith("\nThe fog came in\non little feet,\nand went.")
    assert verse in cleaned.html
    [cut] = cleaned.cuts
    assert cut.start == len(cleaned.text) + 1


def shown(html: str) -> tuple[tuple[str, ...], str]:
    """The article's pictures, and what is left of its body, when a body was stripped."""
    pictures = tuple(Image(url) for url in re.findall('src="([^"]+)"', html))
    cleaned = strip(replace(article(PROSE + html), images=pictures))
    return tuple(image.url for image in cleaned.images), cleaned.html.removeprefix(PROSE)


TEASER = '<a href="https://quay.example/2"><img src="https://quay.example/2.jpg"></a>'
TITLE = '<h4><a href="https://quay.example/2">A dredger comes home</a></h4>'


@pytest.mark.parametrize(
    "box",
    [
        f"<h3>You may also like</h3><ul><li>{TEASER}{TITLE}</li></ul>",
        f'<h3>Related articles</h3><div class="grid"><div>{TEASER}</div><div>{TITLE}</div></div>',
        '<p>About the author</p><img src="https://secure.gravatar.com/avatar/1?s=96">',
    ],
)
def test_a_picture_goes_with_the_box_that_it_stood_in(box: str) -> None:
    """What led to the same page as words that went, in a box of which no word is left, is no picture of the article."""
    assert shown(box)[0] == ()


@pytest.mark.parametrize(
    "box",
    [
        '<div>{}<a href="https://www.pinterest.com/pin/create/button/?url=x">Pin this now to find it later</a></div>',
        '<p>{} <a href="https://quay.example/1">Read more</a></p>',
        "<p>{} Follow us on Facebook!</p>",
    ],
)
@pytest.mark.parametrize("around", ["{}", '<a href="https://quay.example/1">{}</a>', '<a href="/ferry.jpg">{}</a>'])
def test_the_article_s_picture_stays_where_a_call_beside_it_goes(box: str, around: str) -> None:
    """A picture that leads nowhere, or to the article, merely stands beside the words that went."""
    picture = '<img src="https://quay.example/ferry.jpg" width="800" height="600">'
    urls, html = shown(box.format(around.format(picture)))
    assert urls == ("https://quay.example/ferry.jpg",)
    assert "Pin this" not in html
    assert "Read more" not in html


def test_a_picture_is_shown_in_any_size() -> None:
    """The large picture of which the cleaned body shows a small one is still the article's."""
    large = Image("https://quay.example/soup-683x1024.jpg")
    body = '<p><a href="https://other.example/">Subscribe to our newsletter {}</a></p><div>{}</div>'.format(
        f'<img src="{large.url}">', '<img src="https://quay.example/soup-150x150.jpg">'
    )
    assert strip(replace(article(PROSE + body), images=(large,))).images == (large,)
