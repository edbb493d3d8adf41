"""Finding the article inside a page."""

import json
import re
from pathlib import Path

import pytest

from syndicate.errors import UnreadableError
from syndicate.ingest.readers import page
from syndicate.ingest.readers.page import extract
from syndicate.model import Payload, SourceSpec

PAGES = Path(__file__).resolve().parents[2] / "data" / "pages"
SENTENCE = "The river rose another hand's breadth before noon, and nobody on the bridge said a word about it. "


def sample(name: str) -> str:
    return (PAGES / f"{name}.html").read_text(encoding="utf-8")


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_an_article_comes_out_whole_and_alone():
    """Deck, picture, subhead, list, table, quote and link stay; what stands around and between them goes."""
    found = extract(sample("article_tag"), "https://courier.example/coast/harbour-reopens")
    assert found.title == "Harbour reopens after nine years"
    assert found.deck.startswith("The first ferry since the flood")
    assert found.html.startswith('<p class="deck">The first ferry')
    for kept in (
        "<figcaption>The Marigold leaves the quay. Photo: P. Amsel</figcaption>",
        "<h2>What it cost</h2>",
        "<ul><li>a hard winter</li><li>two bankrupt builders</li><li>a colony of seals</li></ul>",
        "<td>4.1 million</td>",
        "<blockquote><p>Nobody has counted the seals since.</p></blockquote>",
        '<a href="https://ferries.example/times">Thursday at noon</a>',
    ):
        assert kept in found.html
    for gone in (
        "Home",
        "Email",
        "Read more",
        "inbox",
        "Tags",
        "comments",
        "grandmother",
        "All rights",
        "since she was",
    ):
        assert gone not in found.html
    assert "Harbour reopens" not in found.html, "the headline is the title, not a paragraph"


def test_what_stood_inside_the_body_is_told():
    """Boxes taken out from between the paragraphs, or left behind them, are told with family and evidence."""
    cuts = extract(sample("article_tag"), "https://courier.example/x").cuts
    assert [(cut.family, cut.evidence) for cut in cuts] == [
        ("related", "aside related-links"),
        ("newsletter", "div newsletter-box"),
        ("after", "footer story-foot"),
    ]
    assert cuts[0].text.startswith("Read more\nHow the new gates")


def test_unnamed_boxes_are_no_obstacle():
    """A page of anonymous div elements gives its article all the same, without date line and teasers."""
    found = extract(sample("div_soup"), "https://bote.example/orte/muehle")
    assert found.title == "Alte Mühle wird Bücherei"
    assert text(found.html).startswith("Die alte Mühle am Bach bekommt neue Bewohner")
    assert text(found.html).endswith("Geöffnet wird, wenn das Wasser es erlaubt.")
    assert "Ein Café im Keller" in found.html
    assert "Kirchturmuhr" not in found.html
    assert "12. Mai" not in found.html


def test_a_blog_post_keeps_its_short_lines():
    """Short list items, code and a caption named so stay; shares, related posts, comments and sidebar go."""
    html = extract(sample("blog"), "https://marta.example/2023/02/pan").html
    assert "<li>sal</li>" in html
    assert "<li>Esperar.</li>" in html
    assert "<code>horno = 220</code>" in html
    assert '<figcaption class="wp-caption-text">El segundo intento.</figcaption></figure>' in html
    assert 'data-src="/fotos/pan.jpg"' in html, "the normalizer makes lazy pictures real"
    for gone in ("Comparte", "Relacionado", "miga", "espelta", "Soy Marta", "Publicado"):
        assert gone not in html


def test_a_live_page_keeps_all_its_posts():
    """Posts inside the article, each an `article` of its own, are parts of it."""
    html = extract(sample("live_page"), "https://journal.example/live/crue").html
    for post in ("Le pont neuf est fermé", "Deux écoles évacuées", "atteint le quai", "09 h 40"):
        assert post in html


def test_amp_pictures_are_pictures():
    """An AMP page's own elements for pictures become ordinary ones; its advertisements go."""
    html = extract(sample("amp"), "https://gazzetta.example/amp/mercato").html
    assert '<img src="/f/fiori.jpg" width="900" height="600" alt="Fiori">' in html
    assert "amp-" not in html.replace("amp-article", "")
    assert text(html).endswith("Si comincia sabato alle otto.")


def test_a_page_drawn_by_script_is_read_from_its_data():
    """Where the markup holds no text, the structured data's article is taken, paragraph by paragraph."""
    found = extract(sample("data_only"), "https://lake.example/lanterns")
    assert found.html.count("<p>") == 3
    assert found.html.endswith("<p>This year, for the first time, none of them came down on the railway line.</p>")


def test_a_page_without_article_says_so():
    """A login page is refused with its address and the reason."""
    with pytest.raises(UnreadableError, match=r"https://x\.example/login: no article was found"):
        extract(sample("no_article"), "https://x.example/login")


@pytest.mark.parametrize("nothing", ["", "   ", "<!-- -->", "\x00\x01"])
def test_nothing_is_refused(nothing):
    """An empty page is unreadable, not a crash."""
    with pytest.raises(UnreadableError):
        extract(nothing, "https://x.example/")


def test_a_list_of_links_to_elsewhere_is_content():
    """A reading list of other sites stays; the same list to the site's own pages is furniture."""
    items = "".join(f'<li><a href="https://{{}}/book-{n}">A long title of book {n}</a></li>' for n in range(4))
    body = f"<article><h1>Books</h1>{'<p>' + SENTENCE * 3 + '</p>'}<ul>{items}</ul><p>{SENTENCE * 2}</p></article>"
    assert "book-3" in extract(body.replace("{}", "library.example"), "https://paper.example/books").html
    assert "book-3" not in extract(body.replace("{}", "www.paper.example"), "https://paper.example/books").html


def test_an_embedded_post_survives_its_wrapper():
    """A quoted post stays, although its box is called social media."""
    quote = '<div class="social-media-embed"><blockquote class="post"><p>We are on it.</p>— Mayor</blockquote></div>'
    html = extract(f"<article><p>{SENTENCE * 3}</p>{quote}<p>{SENTENCE * 2}</p></article>", "https://p.example/a").html
    assert "We are on it." in html


def test_a_wrapper_named_like_furniture_is_no_furniture():
    """A page whose whole content stands in boxes called sidebar, share or paywall still gives its article."""
    paragraphs = f"<p>{SENTENCE * 2}</p>" * 5
    markup = (
        f'<body><div class="content-sidebar-wrap share paywall"><div class="newsletter-signup">{paragraphs}</div></div>'
    )
    assert extract(markup, "https://p.example/a").html.count("another hand") == 10


def test_long_comments_do_not_win():
    """An article shorter than the comments under it is still the article."""
    comment = f"<li><p>{SENTENCE * 4}I disagree entirely.</p></li>"
    markup = (
        "<title>Short news</title><body><article><h1>Short news</h1><p>The mayor resigned on Friday after a short and "
        "friendly talk with the council, and went fishing.</p></article>"
        f'<div id="comments"><ol>{comment * 30}</ol></div>'
    )
    html = extract(markup, "https://p.example/a").html
    assert "went fishing" in html
    assert "disagree" not in html


@pytest.mark.parametrize("outside", ['class="x"', 'class="cmplz-cookiebanner"', 'role="dialog"'])
@pytest.mark.parametrize("news", ["The ferry stays, the council said on Monday night.", SENTENCE * 2])
def test_a_short_article_takes_in_nothing_from_outside_of_main(outside, news):
    """Where headline and prose stand in the page's `main`, what a house says below it is no part of the article."""
    main = f"<main><article><h1>Ferry kept</h1><p>{news}</p></article></main>"
    imprint = f"<div {outside}><p>{'We have been the newspaper of the harbour since 1911. ' * 4}</p></div>"
    html = extract(f"<title>Ferry kept</title><body>{main}{imprint}</body>", "https://p.example/a").html
    assert text(html) == news.strip()


def test_a_main_that_holds_only_the_head_of_the_article_is_no_limit():
    """Where far more prose stands outside of `main` than in it, it is looked for there, too."""
    head = f"<main><h1>Ferry kept</h1><p>{SENTENCE}</p></main>"
    markup = f"<title>Ferry kept</title><body>{head}<div>{f'<p>{SENTENCE * 2}</p>' * 9}</div></body>"
    assert extract(markup, "https://p.example/a").html.count("another hand") >= 18


def test_a_picture_with_a_few_words_becomes_a_figure():
    """A box that holds a picture and loose words under it is made a figure with a caption."""
    box = '<div class="x1"><img src="/a.jpg"><div class="x2">The old mill in May</div></div>'
    html = extract(f"<article><p>{SENTENCE * 3}</p>{box}<p>{SENTENCE * 2}</p></article>", "https://p.example/a").html
    assert '<figcaption class="x2">The old mill in May</figcaption></figure>' in html


def test_extraction_is_stable():
    """The same page gives the same bytes, and an extracted body extracted again keeps all its text."""
    first = extract(sample("article_tag"), "https://courier.example/a")
    assert extract(sample("article_tag"), "https://courier.example/a") == first
    body = first.html[first.html.index("<div") :]
    again = extract(f"<html><body>{body}</body></html>", "https://courier.example/a")
    assert text(again.html) == text(body)


def test_no_script_handler_or_style_is_left():
    """What runs is gone: scripts, event handlers, styles; sanitizing comes later all the same."""
    markup = (
        f'<article onclick="x()" style="color:red"><p onmouseover="y()">{SENTENCE * 3}</p>'
        f"<script>alert(1)</script><style>p{{}}</style><p>{SENTENCE}<svg><script>z()</script></svg></p></article>"
    )
    html = extract(markup, "https://p.example/a").html
    assert not re.search(r"script|onclick|onmouseover|style=|alert|svg", html)


def test_real_pages_lose_no_paragraph(shared_data):
    """On the labelled pages, every paragraph, subhead and list item that must stay is in what comes out."""
    rows = map(json.loads, (shared_data / "boilerplate" / "labelled.jsonl").read_text(encoding="utf-8").splitlines())
    pages = [row for row in rows if row["kind"] == "page"]
    assert pages
    for row in pages:
        kept = _letters(text(extract(row["input"], row["url"]).html))
        for block in row["blocks"]:
            if block["label"] == "keep" and not block["ambiguous"]:
                assert _letters(block["text"]) in kept, (row["id"], block["text"])


def _letters(words: str) -> str:
    import html as htmllib

    return "".join(re.findall(r"[^\W_]+", htmllib.unescape(words).lower()))


def test_the_declared_encoding_is_heard():
    """A page in Windows-1252 that says so in its meta element is read right."""
    body = sample("div_soup").encode("cp1252")
    entry = page.article(
        Payload(body, "https://bote.example/orte/muehle", "text/html"), SourceSpec("b", "page", "https://bote.example/")
    )
    assert entry.title == "Alte Mühle wird Bücherei"
    assert "zwölftausend Bücher" in entry.body


def test_what_looks_like_furniture_and_is_none_stays():
    """Wire credits, a last short line among boxes used as paragraphs, and a listicle's linked subheads stay."""
    credit = '<p class="credits">(Reporting by Ana Reis; editing by Bo Lind)</p>'
    html = extract(f"<article><p>{SENTENCE * 4}</p>{credit}</article>", "https://p.example/a").html
    assert "Reporting by Ana Reis" in html

    boxes = "".join(f'<div class="z9">{SENTENCE}</div>' for _ in range(4)) + '<div class="z9">Doors open at 7 pm</div>'
    assert "Doors open" in extract(f"<body><div>{boxes}</div></body>", "https://p.example/a").html

    items = "".join(
        f'<div class="item"><h3><a href="/film/{n}">A film with the number {n}</a></h3><p>{SENTENCE * 3}</p></div>'
        for n in range(9)
    )
    html = extract(
        f"<title>Nine films</title><article><h1>Nine films</h1>{items}</article>", "https://p.example/a"
    ).html
    assert html.count("<h3>") == 9
    assert html.count("another hand") == 27


def test_furniture_may_cost_three_tenths_of_the_prose_at_most():
    """Sections that all bear the name of an advertisement are the article, not furniture."""
    section = f'<section class="test-section ads"><h2>Part</h2><p>{SENTENCE * 3}</p></section>'
    html = extract(f"<article><h1>A test</h1>{section * 6}</article>", "https://p.example/a").html
    assert html.count("another hand") >= 12


@pytest.mark.parametrize(
    "end",
    [
        "<table><tr><td>Marsh</td><td>Yes</td></tr></table>",
        "<ul><li>Anna Holt</li><li>Ida Moor</li></ul>",
        "<figure><img src='/a.jpg'><figcaption>In 1974</figcaption></figure>",
    ],
)
def test_an_article_may_end_in_a_table_a_list_or_pictures(end):
    """The subhead of what ends an article without being prose stays with it."""
    html = extract(f"<article><p>{SENTENCE * 4}</p><h2>How they voted</h2>{end}</article>", "https://p.example/a").html
    assert "<h2>How they voted</h2>" in html


@pytest.mark.parametrize(
    "end",
    [
        "<ul><li><a href='https://f.example/share'>Facebook</a></li><li><a href='/tags/river'>River</a></li></ul>",
        "<ul class='tags'><li>River</li></ul>",
        "<div>Leave a reply</div>",
    ],
)
def test_headings_of_nothing_still_go_at_the_end(end):
    """A last heading goes where links, tags or scraps follow."""
    html = extract(f"<article><p>{SENTENCE * 4}</p><h2>More of it</h2>{end}</article>", "https://p.example/a").html
    assert "More of it" not in html


@pytest.mark.parametrize("button", ['<button class="accordion-button">', '<button aria-expanded="false">'])
def test_the_questions_of_an_accordion_stay_with_their_answers(button):
    """A button that is a whole heading and opens what stands below it is a subhead; any other is no text."""
    question = f"<h3>{button}Who pays for it?</button></h3><div><p>{SENTENCE}</p></div>"
    other = f"<h3>The yard {button}Edit</button></h3><h3><button>Subscribe</button></h3><p>{SENTENCE}</p>"
    html = extract(f"<article><p>{SENTENCE * 4}</p>{question}{other}</article>", "https://p.example/a").html
    assert re.search(r"<h3>(<span[^>]*>)?Who pays for it\?", html)
    assert "Edit" not in html
    assert "Subscribe" not in html
