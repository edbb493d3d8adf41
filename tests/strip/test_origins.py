"""Where an article first appeared, read from what its owner says below it."""

import pytest

from syndicate.model import Article, Original
from syndicate.strip.article import strip

PROSE = (
    "<p>The harbour wall will be rebuilt this autumn, the council said on Monday.</p>"
    "<p>Boats will moor at the northern pier meanwhile, the harbour master said.</p>"
)


def cleaned(notice: str) -> Article:
    link = "https://news.example.org/a/1"
    return strip(Article("s", "k", link, "Harbour wall to be rebuilt", f"{PROSE}<p>{notice}</p>", ""))


NOTICES = {
    'This article is republished from <a href="https://tc.example">The Conversation</a> under a Creative Commons '
    'license. Read the <a href="https://tc.example/walls-123">original article</a>.': (
        "The Conversation",
        "https://tc.example/walls-123",
    ),
    "This article is republished from The Conversation under a Creative Commons license. Read the "
    '<a href="https://tc.example/walls-123">original article</a>.': (
        "The Conversation",
        "https://tc.example/walls-123",
    ),
    'This story was originally published by <a href="https://grist.example">Grist</a>. '
    '<a href="https://grist.example/newsletter">Sign up for Grist\'s newsletter here</a>.': (
        "Grist",
        "https://grist.example",
    ),
    'This story was produced by <a href="https://pp.example">ProPublica</a>, a nonprofit newsroom. '
    '<a href="https://pp.example/newsletters">Sign up to receive our biggest stories</a> daily.': (
        "ProPublica",
        "https://pp.example",
    ),
    "This story was originally published by ProPublica, a Pulitzer Prize-winning investigative newsroom. "
    "Sign up for The Big Story newsletter to receive stories like this one in your inbox.": ("ProPublica", ""),
    "This article was first published in The Harbour Times on May 3, 2024, and is republished here with permission.": (
        "The Harbour Times",
        "",
    ),
    'This article was first published in <a href="https://a.example/">The Harbour Times, 3 May 2024</a>.': (
        "The Harbour Times",
        "https://a.example/",
    ),
    'Originally published at <a href="https://a.example/x">https://a.example/x</a> on May 3, 2024.': (
        "a.example",
        "https://a.example/x",
    ),
    "Pubblicato per la prima volta su https://quartiere.example/x il 6 maggio 2019": (
        "quartiere.example",
        "https://quartiere.example/x",
    ),
    'Dieser Artikel erschien zuerst auf <a href="https://netz.example/2024/x">Netzblatt</a>. '
    '<a href="https://netz.example/spenden/">Spenden Sie hier</a>.': ("Netzblatt", "https://netz.example/2024/x"),
    'Cet article est republié à partir de <a href="https://tc.example/fr">La Parole</a> sous licence Creative Commons. '
    'Lire l’<a href="https://tc.example/murs">article original</a>.': ("La Parole", "https://tc.example/murs"),
    'Este artículo fue publicado originalmente en <a href="https://r.example">Revista Quebracho</a>. Lea el '
    '<a href="https://r.example/muro">original</a>.': ("Revista Quebracho", "https://r.example/muro"),
    "This story was first published in US Harbour News.": ("US Harbour News", ""),
    "Вперше опубліковано на сайті «Тиха вода»": ("Тиха вода", ""),
    'この記事は<a href="https://j.example">潮路新聞</a>からの転載です。'
    '<a href="https://j.example/1">元記事はこちら</a>': (
        "潮路新聞",
        "https://j.example/1",
    ),
    "The post Harbour wall to be rebuilt appeared first on Le blog de Gilles.": ("Le blog de Gilles", ""),
    'The post <a href="https://news.example.org/a/1">Harbour wall to be rebuilt</a> appeared first on '
    '<a href="https://other.example">Other Blog</a>.': ("Other Blog", "https://other.example"),
}


@pytest.mark.parametrize(("notice", "owner"), NOTICES.items())
def test_the_owner_is_who_is_named(notice: str, owner: tuple[str, str]) -> None:
    """A name is the owner's, "original article" leads to the original, and a call to the reader to neither."""
    article = cleaned(notice)
    assert len(article.text.split("\n")) == 2
    assert article.original == Original(*owner)


@pytest.mark.parametrize(
    "notice",
    [
        'The post Harbour wall to be rebuilt appeared first on <a href="https://news.example.org">Harbour News</a>.',
        'Get our headlines for your website: <a href="https://tools.example">Harbour Tools</a> has the free feed.',
        "First published in May 2024.",
        "© 2024 Harbour News. All rights reserved.",
    ],
)
def test_who_is_no_owner(notice: str) -> None:
    """The article's own site, an offer and a date are not where it first appeared."""
    assert cleaned(notice).original is None


def test_rights_are_kept_whatever_they_are_cut_for() -> None:
    """A line of rights among other calls goes into the article's rights, without the calls."""
    notice = "Sign up for our newsletter and never miss a story. © 2024 Harbour News. All rights reserved."
    article = cleaned(notice)
    assert len(article.text.split("\n")) == 2
    assert "© 2024 Harbour News." in article.rights
