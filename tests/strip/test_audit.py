"""What was cut becomes a field of the article, and of the right one."""

from dataclasses import replace
from typing import Literal

import pytest

from syndicate.model import Article, Entry, Image, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.strip.article import strip
from syndicate.strip.audit import learn_from
from syndicate.strip.document import Document
from syndicate.strip.memory import fingerprint
from syndicate.strip.rulings import Rulings
from syndicate.strip.verdicts import Judged
from syndicate.strip.wording import Slots, Wording

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
    assert described(below % "File photo: The tunnel in 1999") == ("", "")


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


def test_a_badge_alone_tells_the_licence() -> None:
    """The address that a badge without words leads to is the article's rights, and the badge none of its pictures."""
    address = "https://licences.example/by-nd/4.0/"
    badge = f'<a rel="license" href="{address}"><img src="/badge.png" alt="Free"></a>'
    told = cleaned(f"{PROSE}<p>{badge}</p>")
    assert (told.rights, "badge" in told.html) == (address, False)
    words = "<br>This work is licensed under a Creative Commons Attribution 4.0 International License.</p>"
    assert cleaned(f"{PROSE}<p>{badge}{words}").rights.startswith("This work is licensed")
    picture = f'<img src="{PICTURE}">'
    for owed in (f"<figure>{picture}<figcaption>{badge}</figcaption></figure>", f"<p>{picture}</p><p>{badge}</p>"):
        assert cleaned(owed + PROSE).rights == ""


def test_what_only_stands_in_a_notices_box_is_no_notice() -> None:
    """A letter's postal address goes with the copyright above it, and does not become rights."""
    footer = "<div><p>Copyright © 2026 Quay News, All rights reserved.<br>Our mailing address is:<br>Quay News"
    leave = '<a href="https://q.us4.list-manage.com/unsubscribe?u=1">unsubscribe from this list</a>'
    article = cleaned(f"{PROSE}{footer}<br>Lamp Lane 1<br>Toller<br>You can {leave}.</p></div>")
    assert "Lamp Lane" not in article.text
    assert article.rights == "Copyright © 2026 Quay News, All rights reserved."


def test_a_locked_page_tells_no_rights() -> None:
    """That a reader may not see a page says nothing of who may use the article."""
    article = cleaned(f"{PROSE}<p>You are unauthorized to view this page.</p>")
    assert [cut.family for cut in article.cuts] == ["paywall"]
    assert article.rights == ""


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


@pytest.mark.parametrize("kind", ["text", "html"])
def test_all_offsets_count_in_one_text(kind: Literal["text", "html"]) -> None:
    """What is cut at the top, in the body or at the end, and what is doubted, stands where its offsets say it does."""
    lines = [
        "Quay Harbour",
        "cranes at night",
        "A piano at sea",
        "By Ada Lund",
        "Staff writer",
        *PROSE.removeprefix("<p>").removesuffix("</p>").split("</p><p>"),
        "Share this story on Facebook",
        "© 2024 Quay News. All rights reserved.",
    ]
    body = "\n\n".join(lines) if kind == "text" else "".join(f"<p>{line}</p>" for line in lines)
    entry = Entry(key="k", title="A piano at sea", body=body, body_kind=kind)
    article = strip(normalize(entry, SourceSpec("s", "folder", "x"), Reading("")))
    assert {"headline", "byline", "share", "copyright"} <= {cut.family for cut in article.cuts}
    before = "\n".join(lines)
    assert [before[cut.start : cut.end] for cut in article.cuts] == [cut.text for cut in article.cuts]


def test_the_title_of_a_file_is_no_part_of_the_body() -> None:
    """Offsets count from the line below the headline that a file opens with."""
    body = "A piano at sea\n\nBy Ada Lund\n\nThe ferry left.\n\nShare this story on Facebook"
    entry = Entry(key="k", body=body, body_kind="text")
    article = strip(normalize(entry, SourceSpec("s", "folder", "x"), Reading("")))
    assert [(cut.text, cut.start) for cut in article.cuts] == [("By Ada Lund", 0), ("Share this story on Facebook", 28)]


@pytest.mark.parametrize("end", ["</p><p>", " "])
def test_a_copyright_line_that_is_put_back_still_says_whose_the_article_is(end: str) -> None:
    """A line or a last sentence that an admin keeps stays in the text, and the rights are what they were."""
    footer = "© 2024 Quay News. All rights reserved."
    article = Article("s", "k", "", "A piano", PROSE.removesuffix("</p>") + f"{end}{footer}</p>", "")
    kept = strip(article, rulings=Rulings(keep=frozenset({fingerprint(footer)})))
    assert strip(article).rights == kept.rights == footer
    assert kept.text.endswith(footer)
    assert kept.cuts == ()


def test_a_sentence_of_the_story_that_is_put_back_is_no_right() -> None:
    """What an admin keeps because it is the story's says nothing of its owner."""
    told = (
        "The court ruled on Monday that the copyright of the song belongs to the miners, who wrote it in a pub in 1911."
    )
    article = Article("s", "k", "", "A piano", f"{PROSE}<p>{told}</p>", "")
    assert strip(article, rulings=Rulings(keep=frozenset({fingerprint(told)}))).rights == ""


def test_a_button_is_no_right() -> None:
    """What no rule describes says whose the article is only if it says something, or bears the sign."""
    for text, rights in (("Republish", ""), ("(C) Plains News Cooperative", "(C) Plains News Cooperative")):
        item = Judged(Document(f"<p>{text}</p>").blocks[0], Wording(text))
        item.cut("copyright", "forest")
        assert learn_from(Article("s", "k", "", "A title", "", ""), [item]).rights == rights


def test_who_gave_the_goods_is_no_first_publisher() -> None:
    """A disclosure that only sounds like a notice names no place where the article appeared first."""
    shop = '<a href="https://pens.example">Quay Pens</a>'
    item = Judged(
        Document(f"<p>Some items were provided free of charge by {shop} for review.</p>").blocks[0], Wording("")
    )
    item.reading = Wording(item.block.text)
    item.cut("syndication", "scorer")
    assert learn_from(Article("s", "k", "", "A title", "", ""), [item]).original is None


def test_a_sentence_with_a_link_names_no_category() -> None:
    """What only sounds like a list of tags is one if it is nothing but links, which lead out of the article."""
    page = "https://quay.example/ferry"
    for html, found in (
        ('<p>Read more about <a href="/mon">River Monitoring</a>.</p>', ()),
        ('<p><a href="/t/river">river</a>, <a href="/t/mill">mill</a></p>', ("river", "mill")),
        (f'<p><a href="{page}#1">The river</a> | <a href="{page}#2">The mill</a></p>', ()),
    ):
        block = Document(html).blocks[0]
        item = Judged(block, Wording(block.text, linked=block.linked, links=block.links, slots=Slots(page=page)))
        item.cut("tags", "scorer")
        assert learn_from(Article("s", "k", page, "A title", "", ""), [item]).categories == found


def test_a_caption_loses_what_is_cut_out_of_it() -> None:
    """A call in a caption, and a credit by its class, are said neither in the text nor below the picture."""
    call = '<p><a href="https://quay.example/0">To read this article in full, please click here</a></p>'
    caption = f"<figcaption><p>The ferry sails again.</p>{call}</figcaption>"
    figure = f'<figure><img src="{PICTURE}"><small class="credit">Quay Press</small>{caption}</figure>'
    cleaned = strip(
        normalize(Entry(key="k", title="A piano", body=PROSE + figure), SourceSpec("s", "feed", "x"), Reading(""))
    )
    assert [(image.caption, image.credit) for image in cleaned.images] == [("The ferry sails again.", "Quay Press")]
    assert "Quay Press" not in cleaned.text
    assert cleaned.text.endswith("\nThe ferry sails again.")


@pytest.mark.parametrize(
    "caption",
    [
        'Loads of <a href="https://quay.example/apps">apps on our app store</a>',
        'Image attribution: <a href="https://cc.example">Creative Commons</a>. Retrieved from <a href="/x">here</a>.',
    ],
)
def test_a_caption_that_names_nobody_stays(caption: str) -> None:
    """However much it sounds like boilerplate to those who learned it, it says what a picture shows."""
    article = cleaned(f'{PROSE}<figure><img src="{PICTURE}"><figcaption>{caption}</figcaption></figure>')
    assert not article.cuts


def test_a_licence_of_a_picture_is_its_credit() -> None:
    """Work, maker and licence are owed together, wherever below the picture they stand."""
    line = "[“Voting” by Cali Beach is licensed under CC BY 2.0.]"
    found = cleaned(f'<p><img src="{PICTURE}"></p>{PROSE}<p>{line}</p>')
    assert "licensed" not in found.text
    assert found.images[0].credit == "“Voting” by Cali Beach is licensed under CC BY 2.0"


@pytest.mark.parametrize(
    "call",
    [
        "Follow us on Twitter. ",
        "Share this article on Facebook | Twitter ",
        "Share | Tweet | ",
        "Subscribe to our newsletter ",
        "Donate now! ",
        "Read more: A piano sinks · ",
        "Contact us at tips@quay.example. ",
    ],
)
def test_a_call_before_a_copyright_line_is_no_right(call: str) -> None:
    """What asks something of a reader above a notice in the same block is not published as the article's rights."""
    for notice in ("© 2024 Quay Press", "Copyright 2024 Quay Press. All rights reserved. Do not copy it."):
        assert cleaned(f"{PROSE}<p>{call}{notice}</p>").rights == notice


@pytest.mark.parametrize(
    "notice",
    [
        "Quay Press | © 2024",
        "Photo and text: Ada Quay, copyright 2024",
        "© 2024 Quay Press. You may share this by email.",
        "Ada Quay writes for the Star. © 2024 Quay Press",
    ],
)
def test_a_notice_keeps_whose_it_is_and_its_terms(notice: str) -> None:
    """Names before the sign and sentences behind it belong to the notice."""
    assert cleaned(f"{PROSE}<p>{notice}</p>").rights == notice


def test_whom_a_mail_is_meant_for_owns_nothing() -> None:
    """That a mail is confidential and its use prohibited is no word about the article that came in it."""
    footer = "© 2024 Quay News. All rights reserved."
    notice = "CONFIDENTIALITY NOTICE: This e-mail is for the intended recipient only. Unauthorized use is prohibited."
    article = cleaned(f"{PROSE}<p>{footer}</p><p>{notice}</p>")
    assert article.rights == footer
    assert [cut.family for cut in article.cuts if cut.text == notice] == ["email"]


def test_a_heading_names_no_tag() -> None:
    """A heading above tags is none of them, with a colon or without."""
    tags = '<ul><li><a href="https://quay.example/tags/harbour">Harbour</a></li><li><a href="https://quay.example/tags/cranes">Cranes</a></li></ul>'
    for heading in ("Tags", "Tags:"):
        assert cleaned(f"{PROSE}<h3>{heading}</h3>{tags}").categories == ("Harbour", "Cranes")
