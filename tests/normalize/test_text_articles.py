"""Articles in plain text: headline, caption, byline, dateline and blocks go where they belong."""

from pathlib import Path
from textwrap import fill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import UnreadableError
from syndicate.model import Dateline, Entry, Image, Person, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.shape import blocks
from syndicate.text import legal, unseen

FILE = SourceSpec(key="desk", kind="folder", location="")
TEXTS = Path(__file__).resolve().parents[1] / "data" / "texts"
SPEC = SourceSpec(key="desk", kind="folder", location="inbox", language="en")
READING = Reading(format="folder")


def _article(text, **fields):
    return normalize(Entry(body=text, body_kind="text", **fields), SPEC, READING)


def test_sample_article():
    """The whole shape at once."""
    article = _article((TEXTS / "harbour.txt").read_text(encoding="utf-8"))
    assert article.title == "Dockers And Owners Agree After Nine Days"
    assert article.authors == (Person("Ada M. Quay", "Senior Maritime Correspondent", "Harbour Wire"),)
    assert article.dateline == Dateline(("PORT ELLEN", "LEITH"), "Harbour Wire")
    assert article.html.startswith("<p>PORT ELLEN/LEITH (Harbour Wire) – Dockers went back")
    assert "<h2>WHAT WAS AGREED</h2>" in article.html
    assert "<ul><li>a shorter night shift</li><li>a new canteen</li></ul>" in article.html
    assert "<blockquote><p>We are tired, but we are glad.</p></blockquote>" in article.html
    assert [(cut.family, cut.text) for cut in article.cuts] == [
        ("byline", "By Ada M. Quay, Senior Maritime Correspondent Harbour Wire"),
        ("caption", "cranes over the east harbour"),
    ]


def test_a_line_that_says_what_the_authors_are_goes_with_their_byline():
    """The role below a byline becomes theirs, and leaves the body with a record, unless nothing else is left."""
    article = _article("Lights Out\n\nBy Ada Quay\n\nStaff writer\n\nLEITH (Wire) – It was dark.\n\nIt stayed so.")
    assert article.authors == (Person("Ada Quay", "Staff writer"),)
    assert article.text == "LEITH (Wire) – It was dark.\nIt stayed so."
    assert [(cut.family, cut.text, cut.start) for cut in article.cuts] == [
        ("byline", "By Ada Quay", 0),
        ("byline", "Staff writer", 12),
    ]
    assert _article("Lights Out\n\nBy Ada Quay\n\nStaff writer").text == "Staff writer"


@pytest.mark.parametrize(
    ("line", "people"),
    [("BY ADA QUAY | HARBOUR WIRE", (Person("ADA QUAY"),)), ("BY THE NUMBERS", ())],
)
def test_a_byline_in_capitals(line, people):
    """Capitals right below the headline name the authors, if they look like names."""
    article = _article(f"Lights Out\n\n{line}\n\nIt was dark in Leith.\n\nIt stayed so.")
    assert article.authors == people
    assert article.text.startswith(line) is not bool(people)


def test_leaked_caption_goes_to_the_lead_picture():
    """With a picture at hand the caption becomes its own."""
    text = (TEXTS / "harbour.txt").read_text(encoding="utf-8")
    article = _article(text, images=(Image("https://e.example/i.jpg"),))
    assert article.images == (Image("https://e.example/i.jpg", caption="cranes over the east harbour"),)


def test_deck_is_no_caption():
    """A sentence between headline and byline stays in the body."""
    article = _article("Head\n\nA deck that says in a whole line what the story is all about\n\nBy Ada Quay\n\nText.")
    assert article.text.startswith("A deck that says")


def test_known_headline_is_not_repeated():
    """A first line that repeats the title goes, and is recorded."""
    article = _article("The Title\n\nText of it.", title="The title!")
    assert (article.title, article.text) == ("The title!", "Text of it.")
    assert article.cuts[0].family == "headline"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined(end):
    """E-mail style text becomes paragraphs, whatever the line ends."""
    text = end.join(
        [
            "The council met on Tuesday evening and talked for a long time about",
            "the bridge, which has been closed since the flood of last spring and",
            "will not be open again before the summer.",
            "",
            "Nobody was content with that.",
        ]
    )
    assert [block.text[-25:] for block in blocks(text)] == [
        "pen again before the summer."[-25:],
        "dy was content with that.",
    ]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\v", "\f", "\n\u200b\n"])
def test_line_ends_of_typesetters_and_word_processors(end):
    """Lines end where a program says so in its own way, and what can't be seen is an empty line."""
    lines = ("Lights Out", "By Ada Quay", "It was dark in Leith.", "It stayed so.")
    article = _article(end.join(lines))
    assert (article.title, article.text) == ("Lights Out", "It was dark in Leith.\nIt stayed so.")
    assert article.authors == (Person("Ada Quay"),)


def test_paragraphs_wrapped_at_a_width_of_their_own_are_joined():
    """Mails hold longer lines and drawn rules, too: a paragraph shows its own width, and a rule stands alone."""
    wide = "This line of a mail is as long as the screen of whoever wrote it, who did not press the key even once"
    paragraph = [
        "  We have always known that readers are a generous",
        "  sort, the kind of people who want to share what",
        "  they have found with the rest of the world.",
    ]
    text = "\n".join(["editor@mill.example", "=" * 70, *paragraph, "", wide])
    assert [block.text for block in blocks(text)] == [
        "editor@mill.example",
        "=" * 70,
        " ".join(line.strip() for line in paragraph),
        wide,
    ]


def test_a_long_address_does_not_widen_a_paragraph():
    """A line with an address may be longer than its paragraph is wide, and one that ends in a comma goes on."""
    paragraph = [
        "The weir speaks to all who pass, four times a day,",
        "and is heard as far as the mill. If you want to know",
        "https://mill.example/weir/timetable.html and the days on which",
        "it is silent, ask.",
    ]
    wide = "This line of a mail is as long as the screen of whoever wrote it, who did not press the key even once"
    assert [block.text for block in blocks("\n".join([*paragraph, "", wide]))] == [" ".join(paragraph), wide]


def test_verse_and_lists_are_not_taken_for_wrapped_lines():
    """Lines that end where their author wanted, and lines that each begin anew, stay as they are."""
    verse = [
        "the mill stands still",
        "and nobody in the square of ours remembers why",
        "it ever turned",
        "the weir goes on",
    ]
    assert len(blocks("\n".join(verse))) == 4
    titles = [
        "The mill that stopped at noon in the third week of May",
        "A bridge for nobody, and what it cost the town in all",
        "The weir speaks again after a century of hard silence",
        "A line that is longer than all of these shows that nothing was wrapped where the stories' titles end",
    ]
    assert len(blocks("\n".join(titles))) == 4


@pytest.mark.parametrize(
    "lines",
    [
        (
            "The lamp is out, the boats are on the sand,",
            "The wind has gone to look for other sails,",
            "And she that waits has put the net in hand,",
            "The one that never brought her any tales.",
        ),
        (
            "Monday 3 June, 7 pm: Choir, in the upper hall",
            "Friday 7 June, 10 am: The market, on the quay",
            "Sunday 9 June, 11 am: Service, with the band",
        ),
        (
            "The mill was sold on Monday for a single pound.",
            "Its wheel is to turn again before the winter.",
            "The miller's sons have asked for a lower rent.",
        ),
    ],
)
def test_lines_of_like_length_stay_lines(lines):
    """Verse, programmes and paragraphs of one short line each end where their author wanted: no sentence goes on."""
    foot = ("Share this story with all your friends!", "Copyright 2026 Mill Post. All rights reserved.")
    assert [block.text for block in blocks("\n".join((*lines, "", *foot)))] == [*lines, *foot]


def test_lines_of_like_length_without_blanks_stay_lines():
    """Where no blanks part words, a line is full by its own length alone, and a quotation that closes ends it."""
    lines = [
        "渡轮清晨六点离开码头，船上有九名乘客和一架钢琴。港务长说，雾很大，谁也没有看见它往哪里去。",
        "到了中午，它还没有到岛上。「我们派了两条船去找，」他说，「雾里有人在弹一支慢华尔兹。」",
        "他们在灯塔附近找到了它，船长睡着了，钢琴旁边坐着一个没有人认识的老人。",
        "第二天早上，钢琴被搬上了岸，老人却不见了，只留下一顶帽子和一封没有写完的信。",
    ]
    assert [block.text for block in blocks("\n".join(lines))] == lines
    text = "".join(lines)
    wrapped = [text[at : at + 44] for at in range(0, len(text), 44)]
    assert len(blocks("\n".join(wrapped))) == 1


def test_a_full_line_above_a_capital_is_joined_in_a_wrapped_text():
    """Where a text was wrapped, a line that was full to its end is, too, though a name follows it."""
    text = (
        "Am Montag hat der Rat nach langer Beratung beschlossen, dass die\n"
        "Brücke im Mai wieder öffnet, wenn bis dahin die Mauer steht, die\nseit dem Winter fehlt.\n\n"
        "Auch die Fähre fährt bis zum letzten Tag des Monats weiter, sagte\nMeister Quast."
    )
    assert [block.text for block in blocks(text)] == [part.replace("\n", " ") for part in text.split("\n\n")]


@pytest.mark.parametrize("indent", ["   ", "\t"])
def test_an_indented_line_begins_a_paragraph(indent):
    """Paragraphs that only their indented first lines mark are told apart; a hanging indent goes on."""
    paragraphs = [
        "The council met on Tuesday evening and talked for a long time about the bridge, which is closed.",
        "Nobody was content with what came of it, and least of all the ferry's owner, who had asked for more.",
        "It meets again in May.",
    ]
    text = "\n".join(fill(paragraph, 60, initial_indent=indent) for paragraph in paragraphs)
    assert [block.text for block in blocks(text)] == paragraphs
    hanging = "\n".join(fill(paragraph, 60, subsequent_indent=indent) for paragraph in paragraphs[:1])
    assert [block.text for block in blocks(hanging)] == paragraphs[:1]


def test_lines_that_are_paragraphs_stay_apart():
    """Where each line is a paragraph, none is joined with the next."""
    first = "A first paragraph of some length that goes on beyond a hundred characters, as such paragraphs do, and on."
    text = f"{first}\nB.\nC."
    assert len(blocks(text)) == 3


def test_a_headline_said_again_at_the_top_goes():
    """A headline that stands among the first lines once more goes and is recorded."""
    told = "The bridge opens on Monday, the mayor said, and the ferry goes on as long as anybody takes it."
    article = _article(f"Bridge Opens\n\nNEWS\n\nBridge Opens\n\n{told}\n\nNobody took it on Tuesday.")
    assert article.title == "Bridge Opens"
    assert [cut.text for cut in article.cuts] == ["Bridge Opens"]
    assert article.text.count("Bridge") == 0


@pytest.mark.parametrize("mark", ["- {}", "* {}", "{}. "])
def test_a_list_ends_where_a_paragraph_begins(mark):
    """Lines below a list's last item are paragraphs of their own, unless they are indented or a wrapped line's rest."""
    marked = mark.replace("{}. ", "1. {}")
    lines = [marked.format("a shorter shift"), marked.format("a new canteen"), "The owners signed.", "Share this story"]
    assert [block.text for block in blocks("\n".join(lines)) if block.kind == "p"][-2:] == lines[2:]
    indented = f"{marked.format('a shorter shift')}\n  at night\n{marked.format('a new canteen')}"
    assert "shift at night" in blocks(indented)[0].text


@pytest.mark.parametrize("line", ["* * *", "- 12 -", "– 3 –", "- - -", "***", "• • •"])
def test_a_break_or_a_page_number_is_no_list(line):
    """Signs and numbers alone are no items: they stay as they are, in a paragraph of their own."""
    text = f"The keepers went home.\n\n{line}\n\nThe water followed."
    assert [(block.kind, block.text) for block in blocks(text)][1] == ("p", line)
    assert len(blocks("The keepers went home.\n* * *\nThe water followed.")) == 3


def test_what_is_said_behind_a_dash_is_no_list():
    """Sentences behind dashes are direct speech in many languages, and their dashes stay; other lines make a list."""
    said = "– Vi er glade for at brua er åpen igjen, sier ordfører Kari Li."
    assert [(block.kind, block.text) for block in blocks(said)] == [("p", said)]
    for talk in ("– Er du trett?\n– Nei da.", "– Jeg er trett.\n– Jeg går.", "- Oletko väsynyt?\n- En ole."):
        assert [(block.kind, block.text) for block in blocks(talk)] == [("p", line) for line in talk.split("\n")]
    wrapped = (
        "– Are you tired? he asked as they came into the",
        "mill.",
        "– Nobody is, she said, and put the lamp on",
        "the table.",
    )
    assert [block.text for block in blocks("\n".join(wrapped))] == [" ".join(wrapped[:2]), " ".join(wrapped[2:])]
    for points in ("– a new bridge\n– a new ferry", "- Wash the net.\n- Hang it up."):
        assert [block.kind for block in blocks(points)] == ["ul"]


def test_numbered_lines_keep_their_numbers():
    """A list that begins at seven still does, in the body and in plain text; wrapped items are joined."""
    article = _article(
        "How we mend nets\n\nWe begin with the oldest net of the boat.\n\n"
        "7. Wash it twice.\n8. Hang it in the wind, which\n   takes a day.\n9) Wait.",
        title="How we mend nets",
    )
    assert article.text.split("\n")[-3:] == [
        "7. Wash it twice.",
        "8. Hang it in the wind, which takes a day.",
        "9) Wait.",
    ]
    assert "<p>7. Wash it twice.</p>" in article.html


def test_markup_characters_of_text_are_harmless():
    """Text is text: its angle brackets are shown, not obeyed."""
    article = _article("Head\n\nIf a < b & c > d, see https://e.example/?a=1&b=2.\n\n<script>x</script>")
    assert "a &lt; b &amp; c &gt; d" in article.html
    assert '<a href="https://e.example/?a=1&amp;b=2">' in article.html
    assert "&lt;script&gt;" in article.html


def test_nothing_is_no_article():
    """An entry with neither title nor body is refused."""
    with pytest.raises(UnreadableError):
        _article("  \n ")


@given(st.text(max_size=300) | st.text("AaB. \n-,–()/>1", max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost(text):
    """Every word of the text is in the title, the body, or a recorded cut."""
    try:
        article = _article(text)
    except UnreadableError:
        return
    kept = set(unseen(" ".join([article.title, article.text, *(cut.text for cut in article.cuts)])).split())
    words = {word for block in blocks(legal(text)) for word in unseen(block.text).split()}
    assert words <= kept | {word.rstrip("…") for word in kept}


def test_a_first_line_that_is_a_sentence_stays() -> None:
    """A headline is no sentence: a first line that ends in a full stop or an ellipsis gives a title and stays."""
    body = "What a year to be a baker ...\n\nThe bakers of Lissau met on Monday to count their loaves, and found none."
    article = normalize(Entry(body=body, body_kind="text"), FILE, Reading("folder"))
    assert article.title.startswith("What a year to be a baker")
    assert article.text.startswith("What a year to be a baker")
    headed = normalize(Entry(body=body.replace(" ...", " in the U.S."), body_kind="text"), FILE, Reading("folder"))
    assert headed.title == "What a year to be a baker in the U.S."
    assert headed.text.startswith("The bakers")


def test_what_stands_above_the_headline_of_a_press_release_is_no_headline():
    """The first line that could be a headline is it; release and embargo lines stay for the rules, in their places."""
    top = ("FOR IMMEDIATE RELEASE", "Embargoed until 9 am on 3 May", "Contact: Ada Quay, 555 01 33")
    article = _article("\n\n".join((*top, "Lights Out", "By Ada Quay", "It was dark in Leith.", "It stayed so.")))
    assert article.title == "Lights Out"
    assert article.text.split("\n") == [*top, "It was dark in Leith.", "It stayed so."]
    assert [(cut.text, cut.start) for cut in article.cuts] == [("By Ada Quay", len("\n".join(top)) + 1)]


def test_what_is_kept_at_the_top_stays_there():
    """A byline, caption or link to the content that a person wants stays; the rest of the head is read all the same."""
    head = ("Skip to content", "Lights Out", "cranes at night", "By Ada M. Quay")
    text = "\n\n".join((*head, "LEITH (Wire) – It was dark.", "It stayed so."))
    asked = set()

    def kept(line, title):
        asked.add((line, title))
        return True

    article = normalize(
        Entry(body=text, body_kind="text", images=(Image("https://x.example/1.jpg"),)), SPEC, READING, kept
    )
    assert article.text.split("\n")[:3] == ["Skip to content", "cranes at night", "By Ada M. Quay"]
    assert (article.title, article.cuts) == ("Lights Out", ())
    assert article.authors == (Person("Ada M. Quay"),)
    assert article.dateline == Dateline(("LEITH",), "Wire")
    assert article.images[0].caption == ""
    assert {("By Ada M. Quay", "Lights Out"), ("cranes at night", "Lights Out")} <= asked


def test_a_title_holds_no_sign_that_nobody_sees():
    """Soft hyphens and zero-width spaces, which pages and word processors leave, are no part of a headline."""
    for title in ("", "\u200bThe Lock\u00adkeepers\ufeff"):
        assert _article("\u200bThe Lock\u00adkeepers\n\nThey stay.\n\nAll do.", title=title).title == "The Lockkeepers"


def test_a_quotation_ends_where_its_signs_do():
    """Quoted lines right below a line of the text are a quotation, and those of the text below them are not."""
    text = "The keeper wrote:\n> We stay at home\n> until May.\nNobody answered.\n\nThe ducks did."
    assert [block.kind for block in blocks(text)] == ["p", "blockquote", "p", "p"]
    assert [block.kind for block in blocks("Boats\n> to Leith\nTrains")] == ["p", "p", "p"]


def test_a_text_that_is_quoted_as_a_whole_is_an_article():
    """What a mail quotes from its first line to its last has headline and byline."""
    lines = ["Lights Out", "", "By Ada Quay", "", *("It was dark in Leith,\nand stayed so.\n" * 4).split("\n")]
    article = _article("\n".join(f"> {line}".rstrip() for line in lines))
    assert (article.title, article.authors) == ("Lights Out", (Person("Ada Quay"),))
    assert "<blockquote>" not in article.html
    told = "Ada Quay <ada@wire.example> wrote:"
    assert blocks("\n".join([told, *(f"> {line}" for line in lines)]))[0].text == told


@pytest.mark.parametrize("mark", ["▪", "■", "●", "➢", "►", "\uf0b7"])
def test_signs_of_word_processors_make_lists(mark):
    """Lines behind a square, a dot or an arrow are items, also right below the line that announces them."""
    text = f"We asked for:\n{mark} a lamp\n{mark} a rope\nNobody came."
    assert [(block.kind, block.lines) for block in blocks(text)] == [
        ("p", ("We asked for:",)),
        ("ul", ("a lamp", "a rope")),
        ("p", ("Nobody came.",)),
    ]
    assert blocks("■ The gates")[0].kind == "p"


def test_references_that_a_system_left_in_a_text_are_resolved():
    """What is a part of words is a sign that was meant; who writes of references, or of tags, shows them."""
    article = _article("Lamps\n\n&ldquo;We can&rsquo;t,&rdquo; Ada&nbsp;Quay said.\n\nQuay &amp; Sons shut.")
    assert article.text == "“We can’t,” Ada Quay said.\nQuay & Sons shut."
    told = "Write &eacute; for that, &amp; for this, and &lt;b&gt; for bold."
    assert _article(f"Lamps\n\n{told}\n\nThat is all.").text.split("\n")[0] == told
