"""What was cut becomes a field of the article, and of the right one."""

from dataclasses import replace

import pytest

from syndicate.model import Article, Image, Person
from syndicate.strip import strip

PROSE = (
    "<p>The ferry left the quay at six in the morning with nine passengers and a piano on board.</p>"
    "<p>By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.</p>"
)
PICTURE = "https://quay.example/f.jpg"


def cleaned(html: str) -> Article:
    """The article of a body with one picture."""
    return strip(Article("s", "k", "https://quay.example/ferry", "A piano", html, "", images=(Image(PICTURE),)))


def described(html: str) -> tuple[str, str]:
    (image,) = cleaned(html).images
    return image.caption, image.credit


def test_a_credit_that_is_cut_is_the_pictures_and_so_is_the_caption_before_it() -> None:
    """What is cut below a picture says whose it is, in any words, and what it shows."""
    below = f'<p><img src="{PICTURE}"></p><p>%s</p>{PROSE}'
    assert described(below % "The tunnel | Photo: Jan Nowak") == ("The tunnel", "Jan Nowak")
    assert described(below % "Jan Nowak/AFP") == ("", "Jan Nowak/AFP")
    assert described(below % "File photo: The tunnel in 1999") == ("File photo: The tunnel in 1999", "")


def test_a_pictures_copyright_is_its_credit() -> None:
    """Who owns a picture owns no article: its copyright is its credit, in the caption and right below it."""
    caption = f'<figure><img src="{PICTURE}"><figcaption>%s</figcaption></figure>{PROSE}'
    for html in (
        caption,
        f'<p><img src="{PICTURE}"></p><p>%s</p>{PROSE}',
        f'<p><img src="{PICTURE}"><br>%s</p>{PROSE}',
    ):
        assert described(html % "The tunnel. © Jan Nowak") == ("The tunnel.", "Jan Nowak")
        assert described(html % "Copyright 2024 The Associated Press. All rights reserved") == (
            "",
            "The Associated Press",
        )
        assert cleaned(html % "The tunnel. © Jan Nowak").rights == ""
    assert cleaned(caption % "The pier. Image: Jan Nowak, CC BY-SA 4.0").rights == ""


def test_a_footer_below_a_picture_is_the_articles_own() -> None:
    """A copyright line at the end, or a notice below the lead picture, speaks of the article, not of the picture."""
    footer = "© 2024 Quay News. All rights reserved."
    assert cleaned(f'{PROSE}<p><img src="{PICTURE}"></p><p>{footer}</p>').rights == footer
    notice = '<p>This article was originally published by <a href="https://shore.example/1">Shore Weekly</a>.</p>'
    article = cleaned(f'<p><img src="{PICTURE}"></p>{notice}{PROSE}')
    assert article.original is not None
    assert article.images == (Image(PICTURE),)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Posted by Anna Kowalska on March 12, 2024 at 5:00 pm", Person("Anna Kowalska")),
        ("Anna Kowalska, Quay News", Person("Anna Kowalska", "", "Quay News")),
        ("— Anna Kowalska, Quay News", Person("Anna Kowalska", "", "Quay News")),
        ("Анна Ковальская, главный редактор Quay News", Person("Анна Ковальская", "главный редактор", "Quay News")),
    ],
)
def test_a_byline_that_is_cut_names_the_authors(line: str, author: Person) -> None:
    """Who is named in a line that goes is the author, unless others are known."""
    article = Article("s", "k", "https://quay.example/ferry", "A piano", f"{PROSE}<p>{line}</p>", "")
    signed = strip(article, site_name="Quay News")
    assert [cut.text for cut in signed.cuts] == [line]
    assert signed.authors == (author,)
    known = (Person("Ada Lund"),)
    assert strip(replace(article, authors=known), site_name="Quay News").authors == known
