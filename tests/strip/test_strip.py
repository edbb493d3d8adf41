"""The stripper as a whole: what goes, what stays, and what becomes of what went."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.model import Article, Enclosure, Entry, Image, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.records import Ruling
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.rulings import Rulings

PROSE = (
    "<p>The ferry left the quay at six in the morning with nine passengers and a piano on board.</p>"
    "<p>By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.</p>"
    "<p>They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.</p>"
)
BODY = PROSE.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
NOTICES = [
    "© 2024 The Associated Press. All rights reserved. This material may not be published, broadcast or rewritten.",
    "Copyright 2024 Quay Press. All rights reserved. Reprinted with permission.",
]
TEXT = ["The ferry left the quay", "By noon it had not", "They found it drifting"]


def article(html: str, **fields: object) -> Article:
    return replace(
        Article("s", "k", "https://quay.example/ferry", "A piano at sea, and nine passengers", html, ""), **fields
    )


def from_text(text: str, source: str = "s") -> Article:
    return normalize(Entry(key="k", body=text, body_kind="text"), SourceSpec(source, "folder", "x"), Reading(""))


def test_seed_article(shared_data: Path) -> None:
    """The customer's own example comes out perfect, and its copyright line becomes its rights."""
    cleaned = strip(from_text((shared_data / "seed-article.txt").read_text("utf-8")))
    assert cleaned.text.startswith("NEW DELHI/BUDAPEST") or cleaned.text.startswith("U.S. Secretary")
    assert cleaned.text.endswith("Whelan remains detained in Russia.")
    assert cleaned.text.count("as long as it takes") == 1
    assert "SUPPORTING UKRAINE" in cleaned.text
    assert cleaned.rights == "Copyright 1999-2024 Worthy News. All rights reserved."
    assert {"share", "copyright", "syndication", "sitename", "duplicate"} <= {cut.family for cut in cleaned.cuts}
    assert not cleaned.held


FOOTERS = {
    "another publisher": [
        "Help us get the truth out... please SHARE this story!!",
        "© 2003-2025 Hill Country Herald. All Rights Reserved",
        "Do you run a church website? Get our FREE headlines feed: visit Herald Tools to learn more.",
        "Hill Country Herald",
    ],
    "order and parts": [
        "Herald News Service",
        "Copyright (c) 2019 Herald News Service",
    ],
    "spelling": ["PLEASE HELP SPREAD THE WORD - SHARE!", "copyright © 1998 - 2021, Morning Star. all rights reserved."],
    "german": [
        "Bitte teilen Sie diesen Artikel mit Ihren Freunden!",
        "Copyright 2001–2024 Morgenbote. Alle Rechte vorbehalten.",
        "Sie möchten unsere Nachrichten kostenlos auf Ihrer Website zeigen? Unsere Schlagzeilen gibt es als Plugin.",
    ],
    "spanish": ["¡Comparta esta noticia con sus amigos!", "© 2024 Faro Cristiano. Todos los derechos reservados."],
    "russian": ["Поделитесь этой новостью с друзьями!", "© 2024 Маяк. Все права защищены."],
    "hebrew": ["שתפו את הכתבה עם חברים", "© 2024 המגדלור. כל הזכויות שמורות"],
    "japanese": ["この記事をシェアする", "© 2024 灯台新聞 無断転載を禁じます"],
}


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS.keys())
def test_seed_variations(footer: list[str]) -> None:
    """The same shape with other names, years, spellings, order, parts and languages comes out clean, too."""
    body = [
        "Ferry Found Adrift With Piano On Board",
        "By Ada Lund, Harbour Correspondent Morning Star",
        "QUAYSIDE (Morning Star) - The ferry left the quay at six in the morning with nine passengers and a piano.",
        "By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.",
        "A SLOW WALTZ",
        "They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.",
    ]
    cleaned = strip(from_text("\n\n".join([*body, *footer])))
    assert cleaned.text.endswith("a slow waltz on deck.")
    assert "A SLOW WALTZ" in cleaned.text
    assert not cleaned.held


@pytest.mark.parametrize(
    "offer",
    [
        "If you would like to carry stories by Quay News, take a look at our FREE syndication service for churches.",
        "If you'd like to republish articles by Quay News, see our free syndication service for churches.",
        "Si les articles de Quay News vous intéressent, découvrez notre service GRATUIT de syndication pour églises.",
    ],
)
def test_an_offer_of_syndication_is_no_right(offer: str) -> None:
    """The copyright line becomes the article's rights, the offer below it goes without a trace in them."""
    prose = "<p>The ferry left the quay at six in the morning with nine passengers and a piano on board.</p>"
    cleaned = strip(article(f"{prose}<p>© 2024 Quay News. All rights reserved.</p><p>{offer}</p>"))
    assert cleaned.rights == "© 2024 Quay News. All rights reserved."
    assert offer in {cut.text for cut in cleaned.cuts}


def test_sentence_inside_a_paragraph() -> None:
    """A notice at the end of the last paragraph goes alone; the rest of the paragraph is untouched."""
    cleaned = strip(
        article(
            PROSE.removesuffix("</p>") + ' <a href="/x">The post A piano at sea first appeared on Quay News.</a></p>'
        )
    )
    assert cleaned.html.endswith("a slow waltz on deck.</p>")
    assert [cut.family for cut in cleaned.cuts] == ["syndication"]


def test_lines_in_one_paragraph() -> None:
    """Lines that `<br>` parts are judged one by one."""
    cleaned = strip(
        article(f"{PROSE}<p>The waltz was by <i>Lund</i>.<br>Share this article on Facebook<br>Read more »</p>")
    )
    assert cleaned.html.endswith("<p>The waltz was by <i>Lund</i>.</p>")


def test_second_copy_of_a_paragraph_goes() -> None:
    """A long paragraph that stands twice stands once afterwards."""
    first = PROSE.split("</p>", maxsplit=1)[0] + "</p>"
    cleaned = strip(article(PROSE + first))
    assert cleaned.text.count("The ferry left") == 1
    assert cleaned.cuts[0].family == "duplicate"


def test_a_dateline_hides_no_copy() -> None:
    """The first paragraph said again without its dateline is a second copy."""
    told = (
        "The bells came on the mail plane, one at a time, because the plane can carry only so much when there is milk."
    )
    cleaned = strip(
        article(f"<p>NIKOLSKI (Orthodox Quay) – {told}</p><p>Cast upriver, they ring again.</p><p>{told}</p>")
    )
    assert [cut.family for cut in cleaned.cuts] == ["duplicate"]
    assert cleaned.text.count("mail plane") == 1


def test_a_title_below_a_call_to_share_is_no_button() -> None:
    """A call to share takes the buttons below it along, and no title: that one is judged by itself."""
    lead = '<p><a href="https://lantern.example/talk">Ada Lund of the harbour board on walls and the last ferry</a></p>'
    calls = "<p>Listen to this article</p><p>Share this article</p>"
    prose = "<p>The harbour wall will be rebuilt this autumn, the council said on Monday after a long debate.</p>"
    reasons = {cut.text: cut.reason for cut in strip(article(calls + "<p>Facebook</p>" + lead + prose)).cuts}
    assert reasons["Facebook"]
    assert "list below a heading that was cut" not in {reasons.get(text) for text in reasons if text.startswith("Ada")}


@pytest.mark.parametrize(
    "caption", ["The wall through the years. All photos: Jan Tell", "The wall. Photo: Jan Tell / AP"]
)
def test_a_caption_that_ends_in_a_credit_stays_below_its_picture(caption: str) -> None:
    """Only a caption that is nothing but a credit goes; one that says what a picture shows, too, stays as it is."""
    story = f"<p>{'The sea rose and fell. ' * 9}</p>"
    shown = '<figure><img src="https://quay.example/wall.jpg"><figcaption>{}</figcaption></figure>'
    assert caption in strip(article(story + shown.format(caption))).text
    assert "Jan Tell" not in strip(article(story + shown.format("Photo: Jan Tell"))).text


@pytest.mark.parametrize("caption", ["The wall at low tide. (Photo: Jane Doe/AP)", "Dona Paula, in Goa."])
def test_names_are_no_appeals(caption: str) -> None:
    """A name that is a call to give in some language is a name."""
    assert not [
        cut
        for cut in strip(article(f"<p>{caption}</p><p>{'The sea rose and fell. ' * 9}</p>")).cuts
        if cut.text == caption and cut.family == "donate"
    ]


def test_an_appeal_that_calls_itself_a_note_goes() -> None:
    """An editor's note stays; one that only asks for money, and sounds like nothing else, does not."""
    prose = "<p>The harbour wall will be rebuilt this autumn, the council said on Monday after a long debate.</p>"
    note = "Editor's note: the names of two witnesses have been changed."
    appeal = (
        "Editor's note: Quay Radio is nonprofit and independent. We rely on readers like you to support the news you"
        " read here. Is this work worth something to you? Please make a donation today."
    )
    cleaned = strip(article(f"{prose}{prose.replace('Monday', 'Friday')}<p>{note}</p><p>{appeal}</p>"))
    assert note in cleaned.text
    assert appeal not in cleaned.text


def test_a_copyright_line_behind_a_correction_goes_alone() -> None:
    """A correction stays as it is; the copyright line at its end becomes the article's rights."""
    prose = "<p>There are nine pianos on the island, and not one of them had been in tune as long as anybody knew.</p>"
    note = "CORRECTION: An earlier version of this story said that there were eight pianos. One is kept in a barn."
    cleaned = strip(article(f"{prose}<p>{note} Quay (c) 2015. All rights reserved worldwide.</p>"))
    assert cleaned.text.splitlines()[1] == note
    assert "All rights reserved" in cleaned.rights


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize(
    "last",
    [
        "Joan Vidal contributed to this report.",
        "(Reporting by Clara Benedek)",
        "Nobody was hurt.",
        "The harbour master, Tom Riley, is 61.",
    ],
)
def test_a_copyright_notice_behind_something_else_goes_alone(last: str, notice: str) -> None:
    """Credits, and the story's last words, stay, however many sentences of a notice follow in their paragraph."""
    cleaned = strip(article(f"<p>{'</p><p>'.join(BODY)}</p><p>{last} {notice}</p>"))
    assert cleaned.text.split("\n") == [*BODY, last]
    assert cleaned.rights == notice


def test_a_name_before_a_copyright_notice_goes_with_it() -> None:
    """The owner's name is no sentence of the story."""
    assert (
        strip(article(f"<p>{'</p><p>'.join(BODY)}</p><p>Worthy Quay News. {NOTICES[0]}</p>")).text.split("\n") == BODY
    )


@pytest.mark.parametrize(
    "lines",
    [
        ["Sunday: 8 am, 10 am, 6 pm", "Weekdays: 7:30 am", "8 pm: The Lighthouse (Channel 4)"],
        ["Unser tägliches Brot gib uns heute.", "Und vergib uns unsere Schuld.", "Amen."],
        ["Give us this day our daily bread;", "and forgive us our trespasses.", "Amen."],
    ],
)
def test_programmes_and_prayers_stay(lines: list[str]) -> None:
    """Hours of the day, and what all churches pray, are no appeals, though they sound like some."""
    assert strip(article(f"<p>{'</p><p>'.join([*BODY, *lines])}</p>")).text.split("\n") == [*BODY, *lines]


def test_a_letter_keeps_what_it_asks_for() -> None:
    """A bishop's plea is the letter, not an appeal of the house that prints it."""
    letter = [
        "Dear brothers and sisters,",
        "The rains have taken the road to Kampala, and eleven families live in the school since then.",
        "Please give generously at the collection next Sunday.",
        "Every gift, however small, will help a family.",
    ]
    assert strip(article(f"<p>{'</p><p>'.join(letter)}</p>")).text.split("\n") == letter


def test_poem_keeps_its_refrain() -> None:
    """A line that a poem repeats on purpose stays."""
    poem = "<p>Row, brothers, row,<br>the tide is low.</p>" * 4
    assert strip(article(PROSE + poem)).text.count("the tide is low") == 4


@pytest.mark.parametrize(
    "refrain",
    [
        "Sing on, my soul, sing on, sing on, the night is spent, the dark is gone, and morning stands upon the sea.",
        "Response: Lord, let us see your kindness, and grant us your salvation, you who are our God and our rock.",
    ],
)
def test_a_refrain_that_is_sung_twice_is_no_copy(refrain: str) -> None:
    """In verse, what comes back behind one line is a refrain; a response is one wherever it stands."""
    song = ["The lamp is lit upon the hill.", refrain, "A ship comes in, her sails are white.", refrain]
    assert strip(article(f"<p>{'</p><p>'.join(song)}</p>")).text.split("\n") == song


def test_cuts_become_knowledge() -> None:
    """Rights, credits, first places of publication and tags move into their fields."""
    html = (
        '<figure><img src="https://quay.example/f.jpg"></figure><p>Photo: Ada Lund/Quay Press</p>'
        + PROSE
        + "<p>© 2024 Quay News. All rights reserved.</p>"
        '<p>This article was originally published by <a href="https://shore.example/1">Shore Weekly</a>.</p>'
        '<p>Tags: <a href="/tag/ferry">Ferry</a>, <a href="/tag/piano">Piano</a></p>'
    )
    cleaned = strip(article(html, images=(Image("https://quay.example/f.jpg"),), categories=("Harbour",)))
    assert cleaned.rights == "© 2024 Quay News. All rights reserved."
    assert cleaned.images[0].credit == "Ada Lund/Quay Press"
    assert cleaned.original is not None
    assert (cleaned.original.name, cleaned.original.url) == ("Shore Weekly", "https://shore.example/1")
    assert cleaned.categories == ("Harbour", "Ferry", "Piano")
    assert '<img src="https://quay.example/f.jpg">' in cleaned.html


def test_every_cut_says_where_and_why() -> None:
    """A cut's offsets point at its text in the article before cleaning."""
    cleaned = strip(article(PROSE + "<p>Share this story on Facebook</p>"))
    before = (
        "\n".join(part for part in PROSE.replace("<p>", "").split("</p>") if part) + "\nShare this story on Facebook"
    )
    (cut,) = cleaned.cuts
    assert before[cut.start : cut.end] == cut.text == "Share this story on Facebook"
    assert cut.reason.startswith("rule ")
    assert cut.html == "<p>Share this story on Facebook</p>"


def test_admin_goes_first() -> None:
    """What an admin said to keep stays, what an admin said to cut goes, whatever the rules say."""
    html = PROSE + "<p>Share this story on Facebook</p>"
    keep = Rulings(keep=frozenset({fingerprint("Share this story on Facebook")}))
    assert strip(article(html), rulings=keep).text.endswith("Facebook")
    cut = Rulings(
        cut=frozenset({fingerprint(TEXT[0] + " at six in the morning with nine passengers and a piano on board.")})
    )
    assert strip(article(html), rulings=cut).text.startswith("By noon")


def test_only_boilerplate_is_held() -> None:
    """An article of nothing but boilerplate waits for a person."""
    cleaned = strip(article("<p>Share this article</p><p>© 2024 Quay News. All rights reserved.</p>"))
    assert cleaned.held


@pytest.mark.parametrize(
    "body",
    [
        "<p> </p>",
        '<iframe src="https://frames.example/"></iframe>',
        "<p>Share this</p>",
        "<p>Read more</p>",
        '<p>Read the full story at <a href="https://quay.example/ferry">quay.example</a></p>',
    ],
)
def test_nothing_to_read_is_held(body: str) -> None:
    """An article that says nothing, or nothing but boilerplate, and shows nothing waits for a person."""
    assert strip(article(body)).held


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ('<p><img src="https://quay.example/f.jpg"></p>', {}),
        ('<p><img src="https://quay.example/f.jpg"></p><p>Share this: Facebook Twitter WhatsApp</p>', {}),
        ("<p>Share this</p>", {"images": (Image("https://quay.example/f.jpg"),)}),
        ("", {"enclosures": (Enclosure("https://quay.example/f.mp3", "audio/mpeg"),)}),
        ("<p>Listen now</p>", {"enclosures": (Enclosure("https://quay.example/f.mp3", "audio/mpeg"),)}),
        ('<video src="https://quay.example/f.mp4"></video>', {}),
        ('<iframe src="https://www.youtube.com/embed/abcdefghij"></iframe>', {}),
        ("<p>The pier is open again.</p>", {}),
        ("", {}),
    ],
)
def test_photos_and_episodes_need_no_words(body: str, fields: dict[str, object]) -> None:
    """A photo, an episode, a film, one short sentence is an article, and so is a headline that came without a body."""
    assert not strip(article(body, **fields)).held


def test_large_share_is_held() -> None:
    """An article that would lose more than the set share of its text waits for a person."""
    html = PROSE + "<p>Subscribe to our newsletter</p>"
    assert not strip(article(html)).held
    assert strip(article(html), hold_share=0.01).held


@pytest.mark.parametrize(
    "story",
    [
        "<p>The court ruled that the copyright of the song belongs to the miners, who wrote it in 1911 in a pub.</p>",
        "<p>Her newsletter about buses has four million subscribers, and its author still walks to work each day.</p>",
        "<p>The app follows every step that its users take, and sells what it learns to three insurance companies.</p>",
        "<p>Donations for the flood victims can be handed in at the fire station in Mill Lane until Friday night.</p>",
        "<p>Call your congressman today and tell him what you think of the bridge, he shouted to the crowd.</p>",
        "<p>“Share this with your friends and follow us on Facebook”, the letter said, and nobody had signed it.</p>",
        "<p>(Reporting by Ada Lund in Oslo; editing by Ben Hale)</p>",
        "<p>Sincerely,<br>Ada Lund</p>",
        "<p>Correction: an earlier version of this story named the wrong ferry.</p>",
    ],
)
def test_stories_about_boilerplate_stay(story: str) -> None:
    """An article about copyright, newsletters, apps or sharing is an article."""
    before = strip(article(PROSE)).text
    after = strip(article(PROSE + story)).text
    assert after.startswith(before)
    assert len(after.split("\n")) > len(before.split("\n"))


def test_memory_is_a_value() -> None:
    """Stripping leaves the memory as it was."""
    memory = Memory().learn(article(PROSE))
    before = memory.to_bytes()
    strip(article(PROSE), memory)
    assert memory.to_bytes() == before


def test_text_behind_a_cut_block_stands_once() -> None:
    """Loose text that follows a block that is cut is in the plain text once, as it is in the HTML."""
    share = "<p>Share this article: Facebook Twitter WhatsApp</p>"
    cleaned = strip(article(f"{PROSE}<div>The piano was tuned twice. {share} Its owner never came for it.</div>"))
    assert "Share this" not in cleaned.text
    assert cleaned.text.count("Its owner never came") == cleaned.html.count("Its owner never came") == 1


def test_a_box_that_was_put_back_stays_where_it_stands_together() -> None:
    """A ruling on several blocks keeps them one after another, and none of them alone."""
    lines = ("Share this story on Facebook", "© 2024 Quay News. All rights reserved.")
    box = "\n".join(lines)
    ruling = Ruling("s", fingerprint(box), "keep", box, datetime(2026, 11, 26, tzinfo=UTC))
    rulings = Rulings.of([ruling])
    together = strip(article(PROSE + "".join(f"<p>{line}</p>" for line in lines)), rulings=rulings)
    assert together.text.endswith(box)
    for order in (lines[:1], lines[::-1]):
        apart = strip(article(PROSE + "".join(f"<p>{line}</p>" for line in order)), rulings=rulings)
        assert not any(line in apart.text for line in lines)


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display: none; max-height: 0">Nine passengers, and what else happened this week</div>{0}',
        '{0}<p hidden><a href="https://pills.example/a">cheap pills</a>, <a href="https://pills.example/b">more</a></p>',
    ],
)
def test_previews_and_links_that_nobody_is_shown_go(hidden: str) -> None:
    """What a mail hides at its top, and hidden links, were never part of the article; a hidden answer may be."""
    cleaned = strip(article(hidden.format(PROSE)))
    assert (cleaned.text.split("\n"), [cut.family for cut in cleaned.cuts]) == (BODY, ["hidden"])
    answer = '<p style="display:none">The piano was a present for the lighthouse keeper\'s daughter.</p>'
    assert "present for the lighthouse" in strip(article(PROSE + answer)).text


def test_code_of_a_page_builder_holds_no_article() -> None:
    """However much of it there is, it is no text of the article's that went."""
    code = '[fusion_imageframe image_id="9" style=""]https://quay.example/badge.png[/fusion_imageframe]'
    cleaned = strip(article(PROSE + f"<p>{code * 9}</p>"))
    assert (cleaned.text.split("\n"), cleaned.held) == (BODY, "")


def test_lists_and_headings_are_no_credits() -> None:
    """What a list names with a slash or a colon is its item, and a heading says what stands below it."""
    items = ["British Airways (CNN, Reuters/The Quay)", "Marriott/Reuters"]
    told = (
        PROSE
        + "<h4>Photos: before and after</h4><ul>"
        + "".join(f"<li>{item}</li>" for item in items)
        + "</ul>"
        + PROSE
    )
    cleaned = strip(article(told, images=(Image("https://quay.example/p.jpg"),)))
    assert set(items) <= set(cleaned.text.split("\n"))
    assert cleaned.images[0].credit == ""


@pytest.mark.parametrize(
    ("ending", "authors"),
    [(["With love,", "Quay"], ()), (["Anna"], (Person("Anna Quay"),))],
)
def test_who_signs_with_a_part_of_the_sources_name_stays(ending: list[str], authors: tuple[Person, ...]) -> None:
    """A personal site bears its author's name: it is no site's name below a greeting, or where it is an author's."""
    letter = article(PROSE + "".join(f"<p>{line}</p>" for line in ending), authors=authors)
    assert strip(letter, site_name="Anna Quay").text.split("\n")[len(BODY) :] == ending


@pytest.mark.parametrize("subhead", ["WHAT COMES NEXT", "It is open to the public until nine in the evening."])
def test_a_paragraph_said_again_below_a_subhead_is_a_copy(subhead: str) -> None:
    """However short an article's paragraphs are, one that stands twice is no refrain unless all of them are verses."""
    told = 'Observers from the Baltic Forum said that they had seen "fatigue, muddle and good will," but no fraud.'
    long = "Election officials ordered every ballot in the race to be counted again, after only 212 votes parted "
    long += "the two rivals in it, the commission said on Monday."
    text = "\n\n".join(["Recount", long, told, subhead, told, "The new council meets on May 2."])
    assert strip(from_text(text)).text.count("Baltic Forum") == 1


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>2</sup> boats", "10² boats"),
        ("3 × 10<sup>−12</sup> kg", "3 × 10⁻¹² kg"),
        ("1011<sub>2</sub> is 11", "1011₂ is 11"),
        ("4 m<sup>2</sup> of CO<sub>2</sub>", "4 m2 of CO2"),
        ("in 1990<sup><a href='#n3'>3</a></sup>", "in 19903"),
        ("the 10<sup>th</sup> boat", "the 10th boat"),
        ("10 <sup>2</sup>", "10 2"),
    ],
)
def test_raised_digits_do_not_run_on_in_plain_text(markup: str, text: str) -> None:
    """Plain text has signs for them where they follow a digit; markup stays as it is, and so do footnotes."""
    html = f"<p>The harbour has {markup}, said the master of the ferry on Monday.</p>"
    found = strip(Article("s", "k", "https://e.example/a", "T", html, ""))
    assert found.text == f"The harbour has {text}, said the master of the ferry on Monday."
    assert "<su" in found.html
