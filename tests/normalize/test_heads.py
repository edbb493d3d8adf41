"""The lines at the top of a text: which is the headline, and where the others go."""

import pytest

from syndicate.model import Entry, Reading, SourceSpec
from syndicate.normalize.article import normalize

SPEC = SourceSpec(key="desk", kind="folder", location="inbox", title="Mill Post")
HEADLINE = "Ferry to Leith gets a second boat"
BODY = (
    "LEITH (Harbour Wire) – The ferry to Leith gets a second boat in May, its owner said on Monday.",
    "Nobody had thought that there was money for one, after the hard winter that the town has had.",
)


def _article(*lines, kept=lambda text, title: False):
    return normalize(Entry(body="\n\n".join((*lines, *BODY)), body_kind="text"), SPEC, Reading("folder"), kept)


@pytest.mark.parametrize("byline", [("By Ada Quay",), ()])
@pytest.mark.parametrize(
    "line",
    [
        "HARBOUR NEWS",
        "Town news",
        "*** NEWS ***",
        "From the pilot's desk",
        "News: Leith",
        "Aktuelles",
        "May 3, 2026",
        "Sunday, 3 May 2026, 9:15 a.m.",
        "03/05/2026",
        "Vol. 7 No. 2 – May 2026",
        "Page 3",
        "Seite 12",
        "FIRST DRAFT",
        "Slug: FERRY-BOAT",
        "URGENT",
        "(FERRY-BOAT)",
        "The Mill Post",
        "Harbour Wire",
    ],
)
def test_a_line_above_the_headline_is_none(line, byline):
    """Rubrics, dates, issues, notes and the house's own name give way to the headline, each with a record."""
    article = _article(line, HEADLINE, *byline)
    assert article.title == HEADLINE
    assert article.text == "\n".join(BODY)
    assert article.cuts[0].text == line
    assert article.cuts[0].family == ("date" if "2026" in line and "Vol" not in line else "kicker")


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 4 May 2026 at 9:15, Ada Quay <ada@mill.example> wrote:",
        "Le lun. 4 mai 2026 à 9:15, Ada Quay a écrit :",
        "Am 04.05.2026 um 09:15 schrieb ada@mill.example:",
    ],
)
def test_what_leads_over_to_a_quoted_mail_is_no_headline(line):
    """A line with a day and an hour, or with an address of mail, that ends in a colon is a mail program's."""
    article = _article(line, HEADLINE, "By Ada Quay")
    assert (article.title, article.text) == (HEADLINE, "\n".join(BODY))
    assert article.cuts[0].text == line
    for headline in ("What 2026 brings:", "Quay at 9:15: nobody waits", "Write to ada@mill.example"):
        assert _article(headline, "By Ada Quay").title == headline


@pytest.mark.parametrize(
    ("line", "category"),
    [("HARBOUR NEWS", "HARBOUR NEWS"), ("*** News ***", "News"), ("Section: Harbour", "Harbour"), ("Page 3", None)],
)
def test_a_rubric_is_a_category(line, category):
    """What part of a paper an article stood in is told with its categories; what somebody keeps stays, and is none."""
    assert _article(line, HEADLINE).categories == ((category,) if category else ())
    article = _article(line, HEADLINE, kept=lambda text, _title: text == line)
    assert (article.title, article.text.split("\n")[0], article.categories) == (HEADLINE, line, ())


def test_several_lines_may_stand_above_the_headline():
    """The first line that can be the headline is it."""
    article = _article("Mill Post", "May 3, 2026", "Opinion", HEADLINE, "By Ada Quay")
    assert (article.title, len(article.cuts)) == (HEADLINE, 4)


def test_a_running_head_is_no_headline():
    """What stands at the top of every page of a document is no headline of what stands on the first."""
    text = "\n\n".join(
        ("Quay Letter", HEADLINE, "By Ada Quay", BODY[0], "Quay Letter", BODY[1], "Quay Letter", BODY[1])
    )
    assert normalize(Entry(body=text, body_kind="text"), SPEC, Reading("folder")).title == HEADLINE


@pytest.mark.parametrize("line", ["Good News", "Page 3", "OPINION", "ニュース"])
def test_a_line_above_no_headline_is_it(line):
    """A rubric above a byline or a greeting is all the headline there is."""
    assert _article(line, "By Ada Quay").title == line
    assert _article(line, "Dear neighbours,").title == line
    article = normalize(Entry(body=f"{line}\n\nThe ferry is late", body_kind="text"), SPEC, Reading("folder"))
    assert (article.title, article.text) == (line, "The ferry is late")


def test_a_rubric_above_several_items_is_their_headline():
    """Where no line below a rubric is signed and more than one heads a part, the rubric is the headline."""
    items = ("Harvest supper", "It is on Sunday in the hall, and all are welcome.", "Coffee", "It is on Monday.")
    article = normalize(Entry(body="\n\n".join(("Parish news", *items)), body_kind="text"), SPEC, Reading("folder"))
    assert (article.title, article.text.split("\n")) == ("Parish news", list(items))
    article = normalize(Entry(body="\n\n".join(("Parish news", *items[:2])), body_kind="text"), SPEC, Reading("folder"))
    assert (article.title, article.text) == items[:2]


def test_a_date_above_a_paragraph_is_no_headline():
    """Where nothing but a date stands above the text, its first sentence gives the title."""
    article = _article("May 3, 2026")
    assert article.title.startswith("LEITH (Harbour Wire)")
    assert article.text == "\n".join(BODY)


@pytest.mark.parametrize("line", ["LIGHTS OUT", "Lights Out"])
def test_a_short_line_above_a_longer_one_loses_nothing(line):
    """It may be a headline above its deck, or no headline at all: both lines are published."""
    deck = "How the harbour lived through the longest night"
    article = _article(line, deck, "By Ada Quay")
    assert sorted((article.title, article.text.split("\n")[0])) == sorted((line, deck))
    assert [cut.family for cut in article.cuts] == ["byline"]


@pytest.mark.parametrize("line", ["Two arches are cracked", "Zwei Bögen sind gerissen", "二つのアーチにひび"])
def test_a_line_between_headline_and_byline_stays(line):
    """Nothing tells a short deck from a caption, unless it is in small letters, as file names and alt texts are."""
    article = _article(HEADLINE, line, "By Ada Quay")
    assert (article.title, article.text.split("\n")[0]) == (HEADLINE, line)
    assert _article(HEADLINE, "ferry leith map", "By Ada Quay").text == "\n".join(BODY)


@pytest.mark.parametrize(
    "lines",
    [
        ("Pilots Ask The Town To Open", "The Old Harbour Again"),
        ("PILOTS ASK THE TOWN", "TO OPEN THE OLD HARBOUR", "LONG BEFORE THE SPRING"),
        ("Ferry to Leith gets a second boat", "after the hardest winter in years"),
        ("Fähre bittet ihre Gäste,", "später zu kommen"),
    ],
)
@pytest.mark.parametrize("byline", [("By Ada Quay",), ()])
def test_a_headline_may_stand_on_several_lines(lines, byline):
    """Lines right below the first belong to the headline, if they go on as it began and a blank line follows."""
    article = _article("\n".join(lines), *byline)
    assert article.title == " ".join(lines)
    assert article.text == "\n".join(BODY)
    assert all(cut.start == 0 for cut in article.cuts)


def test_lines_below_a_headline_that_do_not_go_on_with_it_stay():
    """A deck or a list right below the headline is text, and a caption below capitals is one; so is verse."""
    assert _article(f"{HEADLINE}\nThe owner found the money in Perth").title == HEADLINE
    assert _article("Ferry To Leith Gets A Boat\nferry leith map", "By Ada Quay").cuts[1].family == "caption"
    for line in ("Leith", "Staff Report", "Leith, May 3", "Ada M. Quay"):
        article = _article(f"Ferry To Leith Gets A Boat\n{line}")
        assert (article.title, article.text.split("\n")[0]) == ("Ferry To Leith Gets A Boat", line)
    apart = "\n".join((HEADLINE, "ferry leith map", "By Ada Quay", *BODY, "", "Mill Post"))
    assert normalize(Entry(body=apart, body_kind="text"), SPEC, Reading("folder")).title == HEADLINE
    verse = "the ferry has a light at night\nand nobody to see it go"
    article = normalize(Entry(body=f"{verse}\n\n{verse}", body_kind="text"), SPEC, Reading("folder"))
    assert article.title == verse.split("\n", maxsplit=1)[0]


def test_the_second_line_of_a_deck_is_no_caption():
    """A line in small letters right below a deck goes on with it."""
    article = _article(HEADLINE, "Two of its five arches could give way in a flood,\nengineers warn", "By Ada Quay")
    assert article.text.split("\n")[:2] == ["Two of its five arches could give way in a flood,", "engineers warn"]


@pytest.mark.parametrize("rule", ["=" * 40, "_" * 9, "* * *"])
def test_a_rule_beside_the_headline_is_none(rule):
    """Signs without a letter or figure are no headline, whichever side of it they are drawn on."""
    for lines in ((rule, HEADLINE), (HEADLINE, rule), (rule, HEADLINE, rule), (rule, "News", rule, HEADLINE)):
        article = _article(*lines, "By Ada Quay")
        assert article.title == HEADLINE
        assert article.text == "\n".join(BODY)


@pytest.mark.parametrize("line", ["No. 10", "Opinion: Build it", "12 March 1931", "3 sons of the harbour"])
def test_a_line_that_may_be_a_headline_is_it(line):
    """A number, a label with a sentence behind it and a day of long ago are what articles are about."""
    assert _article(line, HEADLINE, "By Ada Quay").title == line


def test_a_rubric_in_signs_is_one():
    """Sentences of scripts without capitals end in a stop of their own, and are no headlines."""
    body = "港にある古い橋は、冬が来る前に直されることになった。\n\n町長は、お金は足りると話した。"
    article = normalize(
        Entry(body=f"ニュース\n\n古い橋を直すと町が決定\n\n{body}", body_kind="text"), SPEC, Reading("folder")
    )
    assert (article.title, article.categories) == ("古い橋を直すと町が決定", ("ニュース",))


@pytest.mark.parametrize(
    "line", ["May 3, 2026", "Sunday, 3 May 2026 6:04 p.m.", "Published: 3 May 2026", "3. Mai 2026"]
)
@pytest.mark.parametrize("lines", [("{}", "By Ada Quay"), ("By Ada Quay\n{}",), ("{}",)])
def test_a_date_beside_the_byline_is_no_text(line, lines):
    """It says when the article appeared, and goes with a record; the byline may be a dateline."""
    article = _article(HEADLINE, *(part.format(line) for part in lines))
    assert (article.title, article.text) == (HEADLINE, "\n".join(BODY))
    assert ("date", line) in {(cut.family, cut.text) for cut in article.cuts}


@pytest.mark.parametrize("line", ["18 October 2026", "03/05/2026"])
def test_a_date_that_may_be_an_events_stays(line):
    """Below a headline that nobody signed it may be what the text is about; figures may be two days."""
    text = f"Harvest supper\n\n{line}\n\nCome to the hall at seven, and bring a plate that you can share."
    assert normalize(Entry(body=text, body_kind="text"), SPEC, Reading("folder")).text.startswith(line)
    assert _article(HEADLINE, "03/05/2026", "By Ada Quay").text.startswith("03/05/2026")


@pytest.mark.parametrize(
    "line",
    ["<p><b>{}</b></p>", "<p class='c2 title'><span>{}</span></p>", "<h2>{}</h2>", "<p>{}</p><p>By Ada Quay</p>"],
)
def test_a_headline_that_a_page_tells_nowhere_else_stands_once(line):
    """Where the first line of a file's markup gives the title, it goes with a record; a note in a feed keeps it."""
    entry = Entry(body=line.format(HEADLINE) + "".join(f"<p>{text}</p>" for text in BODY))
    article = normalize(entry, SPEC, Reading("folder"))
    assert (article.title, article.text) == (HEADLINE, "\n".join(BODY))
    assert (article.cuts[0].family, article.cuts[0].text) == ("headline", HEADLINE)
    note = normalize(entry, SourceSpec(key="notes", kind="feed", location=""), Reading("rss"))
    assert note.text.startswith(HEADLINE)


@pytest.mark.parametrize("line", ["The ferry has a light at night", "<b>The ferry has a light at night.</b>"])
def test_a_first_line_of_markup_that_may_be_text_stays(line):
    """Nothing tells a short paragraph, or a sentence, from a headline."""
    entry = Entry(body=f"<p>{line}</p><p>and nobody to see it go</p><p>and nobody to stay</p>")
    assert "light at night" in normalize(entry, SPEC, Reading("folder")).text


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_a_form_for_copy_loses_its_labels(blank):
    """HEADLINE:, DEK: and BYLINE: say what follows them; each label goes with a record, and a section is a category."""
    form = f"HEADLINE: {HEADLINE}", "DEK: Two pilots are still missing", "BYLINE: Ada Quay", "Section: Harbour"
    article = _article(blank.join(form))
    assert (article.title, article.categories) == (HEADLINE, ("Harbour",))
    assert article.text.split("\n")[:2] == ["Two pilots are still missing", BODY[0]]
    assert [person.name for person in article.authors] == ["Ada Quay"]
    assert {cut.text for cut in article.cuts} == {"HEADLINE:", "DEK:", "BYLINE: Ada Quay", "Section: Harbour"}


def test_a_label_without_a_labelled_headline_is_text():
    """A line that begins as a form's does stands in articles, too."""
    assert _article("Headline: the art of it", "By Ada Quay").title == "Headline: the art of it"
    article = _article(HEADLINE, "Deck: oak, laid in 1920", "By Ada Quay")
    assert (article.title, article.text.split("\n")[0]) == (HEADLINE, "Deck: oak, laid in 1920")
