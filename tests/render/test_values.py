"""An article as an item: what is shown, what is made safe, what comes at the body's end."""

from dataclasses import replace

import pytest

from syndicate.model import Article, Image, Original, Published
from syndicate.render import Item
from syndicate.render.text import SUMMARY_LEAST, SUMMARY_MOST, feed_language, introduction, web_address
from tests.render.articles import BEES, FOLDER, HARBOUR, at

NOW = at(2026, 5, 1)
PLAIN = Article(
    source="s", key="k", link="https://e.example/a", title="T", html="<p>Body.</p>", text="Body.", language="en"
)


def item(publisher="", **changes):
    """The item of a plain article with these changes."""
    return Item.of(Published(replace(PLAIN, **changes), "https://w.example/a/1", NOW, NOW), publisher)


def test_body_ends_with_the_attribution():
    """The last paragraph names the first publisher and links to the original."""
    assert Item.of(HARBOUR).html.endswith(
        '<p>First published by <a href="https://harbour.example.com/2026/ferry">Harbour News</a>.</p>'
    )


def test_attribution_names_the_source_when_no_original_is_known():
    """Without a republication notice the source is the first publisher, in the article's own language."""
    assert Item.of(BEES, "Waben & Honig").html.endswith(
        '<p>Zuerst erschienen bei <a href="https://waben.example.de/bienen">Waben &amp; Honig</a>.</p>'
    )


def test_attribution_falls_back_to_the_host():
    """A source without a title is named by its host."""
    assert item().html.endswith('<p>First published by <a href="https://e.example/a">e.example</a>.</p>')


def test_attribution_uses_no_foreign_words():
    """In a language that we have no words for, name and link stand alone."""
    assert item("Ysgol", language="cy").html.endswith('<p>→ <a href="https://e.example/a">Ysgol</a></p>')


def test_attribution_cannot_carry_markup():
    """Names and addresses from outside are escaped."""
    shown = item(original=Original("<script>x</script>{name}", 'https://e.example/"><script>')).html
    assert "<script>" not in shown
    assert shown.endswith(
        '<p>First published by <a href="https://e.example/%22%3E%3Cscript%3E">‹script&gt;x‹/script&gt;{name}</a>.</p>'
    )


def test_an_article_of_no_known_origin_has_no_attribution():
    """A file from a folder, with no link and no original, ends as it ended."""
    assert Item.of(FOLDER, "Parish letters").html == FOLDER.article.html


def test_rights_are_metadata_only():
    """A copyright line is published as rights and does not return into the body."""
    shown = item(rights="Copyright 2026 E. All rights reserved.")
    assert shown.rights == "Copyright 2026 E. All rights reserved."
    assert "Copyright" not in shown.html


def test_image_opens_a_body_that_has_none():
    """The article's picture stands before its text, with caption, credit and size."""
    image = Image("https://e.example/i.jpg?a=1&b=2", 'A "gate"', "Jo", "", 640, 480)
    assert item(images=(image,)).html.startswith(
        '<figure><img src="https://e.example/i.jpg?a=1&amp;b=2" alt="A &quot;gate&quot;" width="640" height="480">'
        '<figcaption>A "gate" (Jo)</figcaption></figure>\n<p>Body.</p>'
    )


def test_image_is_not_added_to_a_body_that_shows_one():
    """A body with a picture of its own stays as it is."""
    body = '<p><img src="https://e.example/x.png"></p>'
    assert item(html=body, images=(Image("https://e.example/i.jpg"),)).html.startswith(body)


def test_linkless_article_is_linked_by_its_guid():
    """Importers that need a link get one that stays."""
    shown = Item.of(FOLDER)
    assert shown.link == shown.id == FOLDER.guid


def test_future_article_is_dated_when_it_came():
    """A date in the future is never shown to partners."""
    shown = item(published=at(2099, 1, 1))
    assert (shown.published, shown.updated) == (NOW, NOW)


def test_update_is_never_before_publication():
    """A source that says "updated" before "published" gets one date for both."""
    published = Published(replace(PLAIN, published=at(2026, 4, 2)), "https://w.example/a/1", NOW, at(2026, 4, 1))
    assert Item.of(published).updated == at(2026, 4, 2)


def test_untitled_article_is_titled_by_its_text():
    """Importers skip items without a title."""
    assert item(title=" \n", text="A gate. " * 40).title.startswith("A gate. A gate.")
    assert len(item(title="", text="A gate. " * 40).title) <= 81


def test_title_is_one_line_of_plain_text():
    """White space and control characters in a headline become single spaces; what could be a tag is made inert."""
    assert item(title="One\n\ttwo\x00  <three> < 4").title == "One two ‹three> < 4"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://e.example/ü?q=a b", ""),
        ("https://e.example/ü|x?q=ä", "https://e.example/%C3%BC%7Cx?q=%C3%A4"),
        ("https://bücher.example/a%20b", "https://xn--bcher-kva.example/a%20b"),
        ("https://e.example/[a]?b[]=100%&c=%zz%C3", "https://e.example/%5Ba%5D?b%5B%5D=100%25&c=%25zz%C3"),
        ("HTTPS://E.example/A", "https://E.example/A"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("/relative", ""),
        ('https://e.example"/x', ""),
        ("https://e.example.:8080/x", "https://e.example.:8080/x"),
        ("https://key@e.example/x", "https://key@e.example/x"),
        ("https://e.example:99999/x", ""),
        ("https://e.example:port/x", ""),
        ("https://e..example/x", ""),
        ("https://../", ""),
        ("https://-/", ""),
        (f"https://{'e' * 64}.example/", ""),
        ("https://\u202ee.example/", ""),
        ("https://\xad.example/", ""),
        ("https://e.example%5C@other.example/", ""),
    ],
)
def test_only_web_addresses_are_published(given: str, shown: str):
    """Addresses are absolute http(s) URIs in ASCII, or left out."""
    assert web_address(given) == shown


@pytest.mark.parametrize(("given", "shown"), [("pt_BR", "pt-BR"), ("en", "en"), ("english!", ""), ("", "")])
def test_only_language_tags_are_published(given: str, shown: str):
    """What has not the shape of a language tag is left out."""
    assert feed_language(given) == shown


def test_short_summary_is_continued_with_the_text():
    """Flipboard wants 300 characters: a deck is followed by the article's first sentences."""
    sentence = "The gate is green and the garden is open. "
    shown = introduction("A deck.", sentence * 20)
    assert shown.startswith("A deck. The gate is green")
    assert SUMMARY_LEAST <= len(shown) <= SUMMARY_MOST
    assert shown.endswith("open.")


def test_excerpt_is_not_said_twice():
    """A summary that is only the text's beginning gives way to the text."""
    text = "The gate is green and the garden is open. " * 20
    assert introduction("The gate is green and the…", text) == introduction("", text)
    shown = "Use List<String> when you hold words, and &nbsp; where a blank must not break. "
    assert introduction(shown, shown + text) == introduction("", shown + text)
    excerpt = "The gate is greenand the garden is open.The gate is green…"
    assert introduction(excerpt, f"A gate, photographed in May. {text}") == introduction("", text)


def test_long_text_without_sentences_ends_with_a_word():
    """Where no sentence ends in time, the summary ends with a whole word and an ellipsis."""
    shown = introduction("", "word " * 400)
    assert shown.endswith("word…")
    assert len(shown) <= SUMMARY_MOST
