"""Runs of blocks around an article: a discussion, headlines of other stories, tags, a sponsor's paragraph, menus.

Rules and neighbours speak alone here: scorer and second reading are silent.
"""

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.forest import Forest
from syndicate.strip.scorer import Scorer
from tests.strip.bodies import MENU

pytestmark = pytest.mark.usefixtures("silent_learners")

PROSE = [
    "The ferry left the quay at six in the morning with nine passengers and a piano on board.",
    "By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.",
    "They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.",
]


def cuts(*blocks: str) -> dict[str, str]:
    """What was cut, with its family."""
    html = "".join(block if block.startswith("<") else f"<p>{block}</p>" for block in blocks)
    article = Article("s", "k", "https://quay.example/ferry", "A piano at sea", html, "")
    return {cut.text: cut.family for cut in strip(article).cuts}


THREAD = [
    "2 thoughts on “A piano at sea”",
    "Olga Brandt says:",
    "March 3, 2024 at 9:14 am",
    "I heard the waltz from the pier and thought that I was dreaming of my grandmother's kitchen.",
    "Ben Hale says:",
    "March 4, 2024 at 7:02 pm",
    "It was no waltz. It was a mazurka, and badly played at that.",
]


def test_a_discussion_goes_to_its_end() -> None:
    """Below a heading for comments that names and dates follow, everything is what readers wrote."""
    assert set(cuts(*PROSE, *THREAD)) == set(THREAD)


def test_an_interview_is_no_discussion() -> None:
    """People who say something at some hour stay where no heading for comments stands above them."""
    assert cuts(*PROSE, *THREAD[1:]) == {}


def test_a_heading_for_comments_alone_takes_nothing_along() -> None:
    """A paragraph below a heading for comments stays unless a reader's name or a date comes first."""
    assert set(cuts(*PROSE, "Comments", "The captain of the ferry would like to thank the pianist.")) <= {"Comments"}


HEADLINES = ["Mill wheel turns again after forty years", "Council votes on the pier", "Three boats, one winter"]


def test_headlines_go_with_their_heading() -> None:
    """In a text without links, a heading for other stories takes the headlines below it along."""
    assert set(cuts(*PROSE, "You may also like", *HEADLINES)) == {"You may also like", *HEADLINES}


def test_the_line_above_the_next_paragraph_stays() -> None:
    """Where the article goes on below a run of headlines, the last of them may be its own subhead."""
    found = cuts(*PROSE, "You may also like", *HEADLINES, "A second crossing", *(f"Later, {line}" for line in PROSE))
    assert set(found) == {"You may also like", *HEADLINES}


def test_a_label_takes_the_one_story_below_it() -> None:
    """A label with a colon takes one line along wherever it stands, and leaves the article's own subheads alone."""
    found = cuts(*PROSE[:2], "Also read:", HEADLINES[0], "The search", PROSE[2], f"Later, {PROSE[0]}")
    assert set(found) == {"Also read:", HEADLINES[0]}


def test_a_label_takes_a_question_along() -> None:
    """The title of another story may be a question, and the label above it a word or two without a colon."""
    question = "Who has heard the waltz of the lighthouse, and what did they dance to?"
    found = cuts(*PROSE[:2], "Also read:", question, PROSE[2], "Read more", HEADLINES[0], f"Later, {PROSE[0]}")
    assert set(found) == {"Also read:", question, "Read more", HEADLINES[0]}


def test_a_link_alone_between_paragraphs_points_elsewhere() -> None:
    """A paragraph that is nothing but a link to another page of the site goes; other links alone belong to the text."""
    other = '<p><a href="https://quay.example/{}">The night the lighthouse went out</a></p>'
    assert set(cuts(*PROSE[:2], other.format("lamp"), PROSE[2])) == {"The night the lighthouse went out"}
    for kept in ("ferry#lamp", "lamp.pdf"):
        assert cuts(*PROSE[:2], other.format(kept), PROSE[2]) == {}
    assert cuts(*PROSE[:2], other.replace("quay", "pier").format("lamp"), PROSE[2]) == {}
    assert cuts(PROSE[0], "The keeper's own report tells it at greater length:", other.format("lamp"), PROSE[2]) == {}


def test_the_rest_of_a_menu_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long run of lines above a text, of which most were cut, the others go if a whole menu parts them from it."""
    monkeypatch.setattr(
        "syndicate.strip.article.shipped_scorer", lambda: Scorer({"end above": 9.0}, cut=0.9, doubt=0.9)
    )
    others = ["Quays", "Ferries", "Pianos"]
    assert set(cuts("Home", *others, *MENU, *PROSE)) == {"Home", *others, *MENU}
    assert set(cuts("Home", *MENU, *others, *PROSE)) == {"Home", *MENU}
    assert set(cuts("Home", *others, *MENU[:-1], *PROSE)).isdisjoint(others)


def test_the_pieces_of_a_sentence_are_not_judged_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that a source has set on a line of their own stay if the next line goes on with a comma."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"short": 9.0}, cut=0.9, doubt=0.9))
    pieces = ["The harbour master told", "Quay News", ", which he has read for years, that the piano was his."]
    assert cuts(*PROSE[:2], *pieces, PROSE[2]).keys().isdisjoint(pieces)


def test_what_parted_boilerplate_goes_with_it() -> None:
    """A label with a colon above what went, and lines of signs around it, say nothing without it."""
    found = cuts(*PROSE, "-----", "From our kitchen:", "Share this article with your friends!", "* * *")
    assert set(found) == {"-----", "From our kitchen:", "Share this article with your friends!", "* * *"}
    assert cuts(*PROSE[:2], "* * *", PROSE[2]) == {}


def test_a_line_between_two_that_went_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a text, a question or a line without a full stop between two lines that were cut is one of their list."""
    monkeypatch.setattr(
        "syndicate.strip.article.shipped_scorer", lambda: Scorer({"says related": 9.0, "last": 0.1}, cut=0.9, doubt=0.9)
    )
    lines = ["You may also like", "Who played the waltz?", "You may also like"]
    assert set(cuts(*PROSE, *lines)) == set(lines)
    statement = "The harbour master himself has never learned to play."
    assert statement not in cuts(*PROSE, lines[0], statement, lines[2])


def test_the_rest_of_a_list_goes() -> None:
    """Of a list of which more than half is boilerplate the rest goes, of one with less it stays."""
    row = "<ul><li>Facebook</li><li>Twitter</li><li>WhatsApp</li><li>Quayside post</li></ul>"
    assert set(cuts(*PROSE, "Share this article:", row)) >= {"Facebook", "Twitter", "WhatsApp", "Quayside post"}
    ways = "<ul><li>By ferry from the quay</li><li>By foot, at low tide</li><li>Share on Facebook</li></ul>"
    assert set(cuts(*PROSE, ways)) == {"Share on Facebook"}


def test_lines_with_a_mark_of_tags_go() -> None:
    """Three lines on end that begin with a number sign are tags, whatever they say; in code they are comments."""
    marked = ["# Ferries of the northern islands and their pianos", "# Fog", "# Waltz"]
    assert cuts(*PROSE, *marked) == dict.fromkeys(marked, "tags")
    assert cuts(*PROSE, *(f"<pre>{line}</pre>" for line in marked)) == {}


def test_a_sponsors_section_goes_to_the_next_heading() -> None:
    """Below a heading for sponsors, its list or its paragraph goes, and the next section stays."""
    pitch = "42 Moorings is a firm of consultants for piers, quays and everything that floats beside them."
    notes = ["<h2>Sponsors for episode 97:</h2>", pitch, "<h2>What we talked about</h2>", *PROSE]
    assert set(cuts(*notes)) == {"Sponsors for episode 97:", pitch}


def test_an_update_may_say_the_same_again() -> None:
    """Where another hour stands above them, the same lines are an update, not a copy."""
    lines = ["Under investigation", PROSE[1], "Nobody can say until when."]
    log = [line for hour in ("25-02-2026 · 10:52", "25-02-2026 · 10:27") for line in (hour, *lines)]
    assert cuts(PROSE[0], *log, PROSE[2]) == {}


def test_two_lists_may_name_the_same_page() -> None:
    """A short link that stands in two lists is an item of both, not a button."""
    cake = (
        '<ul><li><a href="https://quay.example/{0}">{0} cakes</a></li><li><a href="/cake">Plantain cakes</a></li></ul>'
    )
    assert cuts(PROSE[0], cake.format("Oat"), PROSE[1], cake.format("Rye"), PROSE[2]) == {}


def test_a_help_line_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where help can be had in a crisis is never cut, whatever stands around it."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"#bias": 9.0}, cut=0.9, doubt=0.9))
    line = "If you are in need of help, call the Suicide and Crisis Lifeline at 555-0100."
    assert line not in cuts(*PROSE, "Subscribe to our newsletter!", line, "Follow us on Facebook")


def test_a_copy_with_a_reason_stays() -> None:
    """What is quoted once more, and the steps that two recipes share, are no accident."""
    quoted = f"<blockquote>{PROSE[1]}</blockquote>"
    assert cuts(*PROSE, "Mark what the harbour master's report says of it:", quoted) == {}
    step = "Lift the lid, take out the strings one by one, and hang them up in the wind to dry."
    recipes = [f"<ul><li>{step}</li><li>Tune it to {note}.</li></ul>" for note in "AC"]
    assert cuts(*PROSE, recipes[0], "For the other piano:", recipes[1]) == {}


def test_one_pointer_closes_no_article(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pointer to another story stands anywhere: what follows it is not taken for what follows the article."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"beyond": 9.0}, cut=0.9, doubt=0.9))
    pointer, rows = ["Also read:", HEADLINES[0]], ["Two crossings in May", "Three crossings in June"]
    assert set(cuts(*PROSE[:2], *pointer, *rows, PROSE[2])) == set(pointer)


@pytest.mark.parametrize("above", [[], ["Share this article", "Facebook", "Twitter"]])
def test_a_box_of_facts_stays(monkeypatch: pytest.MonkeyPatch, above: list[str]) -> None:
    """Three lines on end with a label of their own each are facts, whatever the learned readings make of them."""
    monkeypatch.setattr("syndicate.strip.article.shipped_forest", lambda: Forest((9.0,), cut=0.9, restore=0.5))
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"short": 9.0}, cut=0.9, doubt=0.9))
    facts = ["Captain: Olga Brandt", "Built: 1911", "Length: 31 metres"]
    assert cuts(*PROSE[:1], *above, *facts, *PROSE[1:]).keys().isdisjoint(facts)


def test_a_row_of_tags_goes() -> None:
    """Short labels at the end are tags if the article itself says most of them."""
    labels = ["Lighthouse", "Harbour master", "Piano", "Island traffic"]
    assert cuts(*PROSE, *labels) == dict.fromkeys(labels, "tags")


@pytest.mark.parametrize(
    "rows",
    [
        ["Crossings that day:", "Lighthouse", "Harbour master", "Piano"],
        ["Flour", "Two eggs", "A pinch of salt"],
        ["<ul><li>Lighthouse</li><li>Harbour</li><li>Piano</li></ul>"],
        ["Lighthouse", "Piano"],
        ["____", "****", "Sound: Ada Lund"],
    ],
)
def test_short_lines_of_the_article_stay(rows: list[str]) -> None:
    """A list that a colon announces, things not mentioned before, a list marked as one, a pair, signs: no tags."""
    assert cuts(*PROSE, *rows) == {}


def test_a_sponsors_title_takes_one_paragraph_along() -> None:
    """What is marked as a sponsor's goes with the paragraph below it, and nothing more."""
    title, pitch = "Tune your piano from the phone you have (Sponsor)", "Fifty strings in a minute, without a tuner."
    assert set(cuts(*PROSE[:2], f"<h3>{title}</h3>", pitch, PROSE[2])) == {title, pitch}


@pytest.mark.parametrize(
    ("label", "family"),
    [("TagsFerries", "tags"), ("CatégoriesTraversées", "tags"), ("Mots-clésbac piano", "tags")],
)
def test_labels_without_a_space_are_read(label: str, family: str) -> None:
    """A label that only a page's style set apart from what it labels is one all the same."""
    assert cuts(*PROSE, label) == {label: family}


def test_controls_close_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands below a row of controls in the article's midst is no aftermath: lists of a recipe stay."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"beyond": 9.0}, cut=0.9, doubt=0.9))
    controls, list_ = ["Print this article", "Download PDF"], ["Two onions", "A pound of flour", "Some butter"]
    assert set(cuts(*PROSE[:2], *controls, *list_, PROSE[2])) == set(controls)


def test_a_second_copy_goes_with_its_lines() -> None:
    """Where a long paragraph is repeated, the lines around it go that stand around the first copy, too."""
    copy = ["By Olga Brandt", "March 3, 2024", PROSE[1], "On the quay"]
    found = cuts(PROSE[0], *copy, PROSE[2], "<h2>The same once more</h2>", *copy)
    assert found == dict.fromkeys(copy, "duplicate")


def test_a_refrain_that_comes_back_alone_stays() -> None:
    """Lines that are repeated without a long paragraph between them are the author's."""
    refrain = ["Row, row,", "over the bar and home."]
    assert cuts(PROSE[0], *refrain, PROSE[1], *refrain, PROSE[2]) == {}


def test_what_comes_a_third_time_is_no_copy() -> None:
    """A question that is put to everybody stays, however often it is put."""
    question = "What would you take along to the island if the ferry went only once more, and never came back again?"
    assert cuts(*(line for answer in PROSE for line in (question, answer))) == {}


def test_what_goes_on_about_a_named_sponsor_goes() -> None:
    """Below a line that thanks a sponsor by name, paragraphs that name it go, up to the first that does not."""
    thanks, pitch = "Thanks to Moorings for sponsoring today's episode!", "Moorings makes piers that float, for a song."
    assert set(cuts(*PROSE[:2], thanks, pitch, "What floats, now and then, Moorings says.", PROSE[2])) == {
        thanks,
        pitch,
        "What floats, now and then, Moorings says.",
    }
    assert set(
        cuts("The ferry belonged to Moorings, who had never heard of a waltz, and said so twice.", thanks, pitch)
    ) == {thanks}


def test_a_sponsors_notice_of_rights_stays_one() -> None:
    """What is known for the owner's rights is no pitch, though it names a sponsor."""
    thanks, rights = (
        "Thanks to Moorings for sponsoring today's episode!",
        "Copyright 2026 Moorings. All rights reserved.",
    )
    assert cuts(*PROSE, thanks, rights)[rights] == "copyright"


def test_a_directory_is_no_row_of_profiles() -> None:
    """Three profiles are the source's own; twenty are what the article lists."""
    profiles = [f"Language {chr(65 + at)} - https://www.twitch.tv/quay{at}" for at in range(20)]
    assert set(cuts(*PROSE, *profiles[:3])) == set(profiles[:3])
    assert cuts(*PROSE[:2], *profiles, PROSE[2]) == {}


@pytest.mark.parametrize("name", ["— Olga", "-- Olga M. Brandt"])
def test_a_signature_stays(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The name of who wrote a letter, behind a dash at its end, is part of it, whatever the scorer makes of it."""
    monkeypatch.setattr(
        "syndicate.strip.article.shipped_scorer", lambda: Scorer({"short": 9.0, "loud": 9.0}, cut=0.9, doubt=0.9)
    )
    assert cuts(*PROSE, name) == {}


def test_a_label_of_nothing_goes() -> None:
    """A label of a word or two at the very end of a text announces nothing any more; amid the text it may."""
    assert cuts(*PROSE, "Authors:") == {"Authors:": "nav"}
    assert cuts(*PROSE[:2], "By morning:", PROSE[2]) == {}
    assert cuts(*PROSE[:2], f'<a href="https://quay.example/2">{PROSE[2]}</a>', "The waltz:") == {}


def test_a_list_of_links_that_is_the_article_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the scorer alone would cut item by item stays where it is most of an article; a few items go."""
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: Scorer({"linked": 9.0}, cut=0.9, doubt=0.9))
    items = [
        f'<p><a href="https://quay.example/{at}">What is new about {name}</a></p>'
        for at, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    ]
    assert cuts(*PROSE, *items) == {}
    assert len(cuts(*PROSE, *items[:6])) == 6


def test_a_pointer_in_brackets_goes_from_the_end_of_any_paragraph() -> None:
    """What points to another story in brackets goes alone; what else stands in brackets stays."""
    pointer = "(RELATED: The lighthouse keeper who collected pianos)"
    assert cuts(f"{PROSE[0]} {pointer}", *PROSE[1:]) == {pointer: "related"}
    two = f"{pointer} (RELATED: The ferry that came back alone)"
    assert cuts(*PROSE[:2], f"{PROSE[2]} Tell us in the comments below. {two}") == {
        f"Tell us in the comments below. {two}": "comments"
    }
    assert cuts(f"{PROSE[0]} (More: it was out of tune)", f"{PROSE[1]} (The fog: thick as felt)", PROSE[2]) == {}


def test_a_title_with_a_question_mark_parts_no_notice() -> None:
    """A notice that names the article's title goes whole, though the title ends as a sentence does."""
    title = "Is There a Piano on Board of Every Ferry?"
    notice = f"This post {title} was originally published on Quayside Takeout by Ada Lund."
    html = "".join(f"<p>{line}</p>" for line in (*PROSE, notice))
    assert strip(Article("s", "k", "https://quay.example/ferry", title, html, "")).text == "\n".join(PROSE)


def test_a_last_sentence_that_tells_the_story_stays() -> None:
    """A sentence at the end that a rule describes goes only if it does not sound like the article."""
    told = (
        "The harbour has an app. It shows in one place what your neighbours say of the ferry on their networks, "
        "on the quay and even in the comments below the timetable."
    )
    assert cuts(*PROSE, told) == {}
    call = "Tell us in the comments below."
    assert cuts(*PROSE, f"The harbour has an app now, which nobody on the island had asked for. {call}") == {
        call: "comments"
    }


def test_a_form_that_asks_for_an_address_is_for_letters() -> None:
    """A small form goes as a whole, however friendly its words; one with room for a text, or with prose, does not."""
    field, words = '<input type="email" name="e">', ["The Lamp", "One waltz on the first of each month."]
    form = f"<form><h3>{words[0]}</h3><p>{words[1]}</p>{field}%s</form>"
    assert cuts(PROSE[0], form % "", *PROSE[1:]) == dict.fromkeys(words, "newsletter")
    assert not cuts(PROSE[0], form % "<textarea></textarea>", *PROSE[1:])
    assert not cuts(*PROSE, form % f"<p>{PROSE[0].replace('ferry', 'mail boat')}</p>")


@pytest.mark.parametrize("label", ["In this story", "Contents [hide]", ""])
def test_links_to_the_headings_below_are_the_contents(label: str) -> None:
    """Whatever it is called, a list that leads to headings of the article and says the same is its contents."""
    link = '<li><a href="https://quay.example/ferry#{0}">{0} {1}</a></li>'
    box = f"<div><p>{label}</p><ul>{link.format(1, 'The fog')}{link.format(2, 'The waltz')}</ul></div>"
    gone = {label, "1 The fog", "2 The waltz"} - {""}
    assert set(cuts(box, PROSE[0], "<h2>The fog</h2>", PROSE[1], "<h2>The waltz</h2>", PROSE[2])) == gone
    assert not cuts(box.replace("Contents", "Piano"), *PROSE)
    told = "This is the story of a ferry, a piano and two things that nobody had foreseen:"
    assert not cuts(told, box.replace(label, ""), "<h2>The fog</h2>", PROSE[1], "<h2>The waltz</h2>", PROSE[2])


def test_the_postal_address_of_a_mail_goes_with_its_label() -> None:
    """Short lines between a mail's label and its call are the address of who sends it."""
    address = ["Quay News", "Lamp Lane 1", "Toller"]
    leave = 'You can <a href="https://q.us4.list-manage.com/unsubscribe?u=1">unsubscribe from this list</a>.'
    told = cuts(*PROSE, "Our mailing address is:", *address, leave)
    assert [told.get(line) for line in address] == ["newsletter"] * 3
    assert not set(address) & set(cuts(*PROSE[:2], "Our mailing address is:", *address, leave, PROSE[2]))
    assert not set(address[1:]) & set(cuts(*PROSE, "The piano may be seen here:", *address, leave))


def test_a_card_of_another_story_goes_as_a_whole() -> None:
    """A box between two paragraphs whose links lead to one page of the site is another story's title and teaser."""
    title, link = "A dredger comes home", '<a href="https://quay.example/dredger">'
    card = f"<div><p>Harbour</p><h3>{link}{title}</a></h3><p>It was gone for a year.</p></div>"
    section = card.replace("Harbour", '<a href="https://quay.example/harbour">Harbour</a>')
    for gone in (card, section):
        assert set(cuts(PROSE[0], gone, *PROSE[1:])) == {"Harbour", title, "It was gone for a year."}
    other = section.replace("It was gone", '<a href="https://quay.example/gone">It was gone</a>')
    for kept in (
        card.replace("quay.example", "lamp.example"),
        card.replace("div>", "blockquote>"),
        other,
        card.replace(f"{title}</a>", f"{title}</a>, after all that was said of it"),
        f"{card}{card.replace('dredger', 'tug')}",
    ):
        assert not cuts(PROSE[0], kept, *PROSE[1:])
    assert not cuts(
        PROSE[0], "This is what we wrote of it before anybody else did, in the spring, and of the fog:", card
    )
