"""What the voice and the scorer take back from rules, what they cut on their own, and what they never may.

The second reading is silent here: `test_second_reading.py` is about it.
"""

from dataclasses import replace

import pytest

from syndicate.model import Article, Person
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory, fingerprint
from syndicate.strip.scorer import Scorer

pytestmark = pytest.mark.usefixtures("silent_forest")

PROSE = [
    "The ferry left the quay at six in the morning with nine passengers and a piano on board.",
    "By noon it had not arrived, and the harbour master sent two boats to look for it in the fog.",
    "They found it drifting near the lighthouse, where somebody was playing a slow waltz on deck.",
]
SURE = Scorer({"#bias": 9.0}, cut=0.7, doubt=0.5)  # that everything is boilerplate


def article(*blocks: str, title: str = "A piano at sea, and nine passengers") -> Article:
    html = "".join(block if block.startswith("<") else f"<p>{block}</p>" for block in blocks)
    return Article("s", "k", "https://quay.example/ferry", title, html, "")


def lost(*blocks: str) -> set[str]:
    """The blocks' words that are not in the cleaned text, where none stands in markup."""
    cleaned = strip(article(*blocks)).text.split("\n")
    return {block for block in blocks if block not in cleaned}


@pytest.mark.parametrize(
    "line",
    [
        "If somebody is angry it doesn't follow that they blame you, least of all on Twitter, where everybody shouts.",
        "Two of them still write for a newsletter, and you can read in it what became of the piano tuner.",
        "He thanked the crew for the tweet and went below.",
        "The donate button has moved to the bottom of the page, where it raised 9% more.",
        "Tagged in March and found again in October, the eel had swum 5,000 kilometres.",
        '"Find us on the pitch, not online," the captain said.',
        "Prenumerera på stormen får man göra hos Gunvor, som ringer runt.",
    ],
)
def test_shared_words_are_no_boilerplate(line: str) -> None:
    """A last sentence that merely has words in common with calls and offers stays."""
    assert lost(*PROSE, line) == set()


@pytest.mark.parametrize(
    "line",
    [
        "Enjoyed this story? Forward it to a friend who sails.",
        "We can't do this without you. A small gift every month keeps our reporters at sea.",
        "Never miss a tide: our stories in your inbox, every Friday.",
        "Hat Ihnen der Beitrag gefallen? Dann erzählen Sie es weiter.",
    ],
)
def test_calls_that_no_rule_knows(line: str) -> None:
    """Calls go whose wording no rule describes, because they sound and stand as calls do."""
    assert lost(*PROSE, line) == {line}


def test_scored_cuts_are_named_and_owners_get_their_due() -> None:
    """A cut that no rule made has a family all the same, and a rights line among them becomes the article's rights."""
    owned = "The words and pictures here belong to Quay News and must not be reprinted without asking us."
    cleaned = strip(article(*PROSE, owned))
    assert cleaned.text.split("\n") == PROSE
    assert [(cut.family, cut.reason) for cut in cleaned.cuts] == [("copyright", "scorer")]
    assert cleaned.rights == owned


@pytest.mark.parametrize(
    "alone",
    [
        "Thank you, Om, for the tweet about the piano.",
        "Readers can now reply to any newsletter and the reply will land in your inbox.",
        "We write to our readers on all channels now",
    ],
)
def test_one_line_is_an_article(alone: str) -> None:
    """A post of one sentence is not emptied by a rule that describes it."""
    assert strip(article(alone)).text == alone


def test_a_paragraph_about_the_author_is_kept_as_such() -> None:
    """What a publisher says of the author below an article leaves the body and becomes the author's biography."""
    bio = "Ada Lund is a freelance writer who has lived above the harbour office since she was nine."
    written = replace(article(*PROSE, bio), authors=(Person("Ada Lund"),))
    assert (strip(written).text.split("\n"), strip(written).bio) == (PROSE, bio)
    of_another = replace(written, authors=(Person("Ben Hale"),))
    assert (bio in strip(of_another).text, strip(of_another).bio) == (True, "")
    own_story = replace(article(bio, *PROSE), authors=(Person("Ada Lund"),))
    assert bio in strip(own_story).text


def test_nothing_goes_for_its_place_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short last lines without a sound of boilerplate stay: signatures, refrains, places and dates."""
    signed = ("Tomas Vane", "Quayside, 4 May", "(Ada Lund, with agencies)", "For: the harbour commissioner")
    for line in (*signed, "Source: ministry statement, 14 May", "The waltz went on."):
        assert lost(*PROSE, line) == set(), line
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: SURE)
    for line in ("(Ada Lund, with agencies)", "The waltz went on."):
        assert lost(*PROSE, line) == set(), line


def test_a_paragraph_that_begins_as_prose_is_not_cut_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a notice is glued to the article's last sentence, that sentence stays."""
    glued = f"{PROSE[2]} The post A piano at sea, and nine passengers first appeared on Quay News."
    assert strip(article(*PROSE[:2], glued)).text.split("\n") == PROSE
    monkeypatch.setattr("syndicate.strip.article.shipped_scorer", lambda: SURE)
    cleaned = strip(article(*PROSE[:2], glued))
    assert PROSE[2] in cleaned.text
    assert {doubt.evidence for doubt in cleaned.doubts} == {""}, "cut, and taken back by somebody else"


def test_subheads_stay_with_what_they_introduce() -> None:
    """A heading that could head a list of other stories is a subhead when the article goes on below it."""
    body = (*PROSE, "<h2>In other news</h2>", "The piano was tuned on Tuesday, for the first time since the flood.")
    assert "In other news" in strip(article(*body)).text
    links = '<ul><li><a href="https://quay.example/2">Old net, new owner</a></li></ul>'
    assert "In other news" not in strip(article(*PROSE, "<h2>In other news</h2>", links)).text


def test_programs_are_no_furniture() -> None:
    """Lines of code that were not marked as such stay, whatever their names say."""
    code = [
        "let share_count = create_signal(0);",
        "}",
        "```",
        "// subscribe to the newsletter feed",
        "![](image-2.png)",
    ]
    assert lost(PROSE[0], *code, PROSE[1]) == set()


@pytest.mark.parametrize(
    "line", ["Copyright(c) 2024 Quay News. All rights reserved.", "Share this story with your friend(s)!"]
)
def test_brackets_make_no_program(line: str) -> None:
    """A word with a sign or a letter in brackets behind it is not taken for a call of a function."""
    assert lost(*PROSE, line) == {line}


def test_a_shop_is_no_tag() -> None:
    """A link to a shop that names its referrer as "tag" is a link of the article, not one of its tags."""
    pens = '<ul><li><a href="https://shop.example/pen?tag=quay-20">A pen for wet hands</a></li></ul>'
    tags = '<ul><li><a href="https://quay.example/tag/pens">pens</a></li></ul>'
    assert "A pen for wet hands" in strip(article(*PROSE, "We packed:", pens)).text
    assert "pens" not in strip(article(*PROSE, tags)).text.split("\n")


def test_addresses_and_titles_are_not_all_the_same() -> None:
    """Blocks that are nothing but an address, a number or the title don't share a name: none comes back."""
    assert fingerprint("https://quay.example/1") != fingerprint("https://quay.example/2")
    assert fingerprint("Glass eye bead", "Glass eye bead") != fingerprint("Met museum shop", "Met museum shop")
    memory = Memory()
    for number in range(8):
        link = f'<p><a href="https://boats.example/{number}">https://boats.example/{number}</a></p>'
        memory = memory.learn(
            Article("s", str(number), f"https://quay.example/{number}", f"Boat number {number}", link, "")
        )
    last = '<p><a href="https://boats.example/99">https://boats.example/99</a></p>'
    assert "boats.example/99" in strip(article(PROSE[0], last), memory).text


def test_the_shortest_statement_before_a_call_is_told_first() -> None:
    """A step of what to do is a statement, however few its words: what follows it as a call is none of the house's."""
    step = "Stir. Leave a comment in the margin of this letter, if you print it, about what you would add."
    assert lost(*PROSE, step) == set()


def test_two_profiles_are_a_row() -> None:
    """A rule for rows needs but one other line that it describes beside; a line alone is for the scorer to judge."""
    profiles = ["Twitter: @quaypaper", "Instagram: @quaypaper"]
    for lines, row in ((profiles, True), (profiles[:1], False)):
        cuts = strip(article(*PROSE, *lines)).cuts
        assert any(cut.reason.startswith("rule") for cut in cuts) == row
