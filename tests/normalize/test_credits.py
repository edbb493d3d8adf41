"""What stands below a picture is told apart: what it shows, and whom it is owed to."""

import pytest

from syndicate.model import Entry, Image, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.credits import parted


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The tunnel. (Photo by Jan Nowak/Getty Images)", "The tunnel.", "Jan Nowak/Getty Images"),
        ("The tunnel (Jan Nowak/Reuters)", "The tunnel", "Jan Nowak/Reuters"),
        ("The tunnel at night. (AP Photo/Jan Nowak)", "The tunnel at night.", "AP Photo/Jan Nowak"),
        ("Bishop Okello. CNS photo/Jan Nowak", "Bishop Okello.", "CNS photo/Jan Nowak"),
        ("Pilgrims. | Credit: Daniel Ibáñez/EWTN News", "Pilgrims.", "Daniel Ibáñez/EWTN News"),
        ("Der Tunnel. Foto: epd-bild/Jan Nowak", "Der Tunnel.", "epd-bild/Jan Nowak"),
        ("Crédit photo : Jean Dupont", "", "Jean Dupont"),
        ("The pier. © Quay Museum, Leith. Photo: Jan Nowak", "The pier.", "Quay Museum, Leith; Jan Nowak"),
        ("写真：共同通信", "", "共同通信"),
        ("Lead photo by Jan Nowak", "", "Jan Nowak"),
        ("All pictures by Jan Nowak", "", "Jan Nowak"),
        ("The tunnel. Featured image courtesy of NASA", "The tunnel.", "NASA"),
        ("The tunnel. © Jan Nowak", "The tunnel.", "Jan Nowak"),
        ("Image: © 2024 Jan Nowak, CC BY-SA 4.0", "", "Jan Nowak, CC BY-SA 4.0"),
        ("Copyright 2024 The Associated Press. All rights reserved", "", "The Associated Press"),
        (
            "In this photo by Jan Nowak it burns. (Jan Nowak via AP)",
            "In this photo by Jan Nowak it burns.",
            "Jan Nowak via AP",
        ),
    ],
)
def test_a_credit_stands_in_the_last_brackets_or_behind_the_last_label(line: str, caption: str, credit: str) -> None:
    """The credit is what the last brackets or the last label give, the rest is the caption."""
    assert parted(line) == (caption, credit)


@pytest.mark.parametrize(
    "line",
    [
        "File photo: The tunnel in 1999",
        "The tower (right)",
        "The tunnel in Leith (Scotland)",
        "The bigger picture: what we know",
        "Photo: the tower burns down in 1999.",
        "Photo of the day",
        "Lead photo by the sea",
        "By the sea",
        "(a) Tower (b) Bridge (c) Church",
    ],
)
def test_what_names_nobody_is_no_credit(line: str) -> None:
    """A caption without brackets or a label that name somebody has no credit."""
    assert parted(line) == (line, "")


def test_a_caption_gives_its_credit_to_the_picture() -> None:
    """The credit at the end of a caption is the picture's, in the body and beside it, unless it has another one."""
    figure = '<figure><img src="https://x.example/2.jpg"><figcaption>Two. (Photo: Jo/AP)</figcaption></figure><p>T</p>'
    declared = (
        Image("https://x.example/1.jpg", "One. Photo: Ada Lund"),
        Image("https://x.example/3.jpg", "Three. Photo: Ada Lund", "Quay Press"),
    )
    entry = Entry(key="k", title="T", body=figure, images=declared)
    assert [(i.caption, i.credit) for i in normalize(entry, SourceSpec("s", "feed", "x"), Reading("")).images] == [
        ("One.", "Ada Lund"),
        ("Three. Photo: Ada Lund", "Quay Press"),
        ("Two.", "Jo/AP"),
    ]


def test_a_gallerys_credit_is_that_of_all_its_pictures() -> None:
    """Unless one of them has another; what the gallery shows is no picture's caption."""
    pictures = "".join(
        f'<figure><img src="https://x.example/{n}.jpg"><figcaption>{caption}</figcaption></figure>'
        for n, caption in enumerate(("One.", "", "Three. Photo: Jo Ek"))
    )
    body = f"<figure>{pictures}<figcaption>The feast on Sunday. All pictures by Ann Lee</figcaption></figure><p>T</p>"
    article = normalize(Entry(title="Feast", body=body), SourceSpec("s", "feed", "x"), Reading("rss20"))
    told = [(image.caption, image.credit) for image in article.images]
    assert told == [("One.", "Ann Lee"), ("", "Ann Lee"), ("Three.", "Jo Ek")]


@pytest.mark.parametrize(
    "box",
    [
        "<dl class='gallery-item'><dt><a href='/2'>{0}</a></dt><dd class='gallery-caption'>{1}</dd></dl>",
        '<div class="news"><div><div><a href="/2">{0}</a></div></div><p class="news-img-caption">{1}</p></div>',
        '<div class="wsite-image wsite-image-border-none"><a>{0}</a><div style="display:block">{1}</div></div>',
    ],
)
def test_a_line_called_a_caption_is_that_of_the_picture_above_it(box: str) -> None:
    """It stands right behind the picture, in one box with it, and nothing else in between."""
    image, said = '<img src="https://x.example/2.jpg">', "The feast on Sunday. Photo: Jo Ek"

    def told(body: str) -> set[tuple[str, str]]:
        article = normalize(
            Entry(title="Feast", body=f"{body}<p>T</p>"), SourceSpec("s", "feed", "x"), Reading("rss20")
        )
        return {(image.caption, image.credit) for image in article.images}

    assert told(box.format(image, said)) == {("The feast on Sunday.", "Jo Ek")}
    assert told(box.format(f"{image}<p>So.</p>", said)) == {("", "")}
    assert told(box.format(image, "He sang. " * 60)) == {("", "")}
