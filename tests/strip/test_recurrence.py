"""What comes back: standing matter around nearly every article goes; subheads, signatures and references stay.

Memory and neighbours speak alone here: scorer and second reading are silent.
"""

import pytest

from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory

pytestmark = pytest.mark.usefixtures("silent_learners")

STORIES = [
    (
        f"The ferry left pier {number} at six in the morning with a {cargo} on board and no captain.",
        f"By noon the {cargo} had been seen on four islands, and the harbour master sent two boats to look for it.",
    )
    for number, cargo in enumerate(("piano", "goat", "harp", "stove", "clock", "loom", "sledge"))
]
FOOTER = [
    "For more information on the Quay Seminary, go to quayseminary.example.",
    "Boyle Pianos has been by our side on this journey for years.",
]
PROVINCES = "The six provinces are home to two million people and produce two thirds of the country's vegetables."


def article(number: int, *blocks: str) -> Article:
    html = "".join(f"<p>{block}</p>" for block in blocks)
    return Article("s", f"k{number}", f"https://ferries.example/{number}", f"Story {number}", html, "")


def known(articles: list[Article]) -> Memory:
    memory = Memory()
    for each in articles:
        memory = memory.learn(each)
    return memory


def test_what_stands_below_every_article_goes() -> None:
    """From the fifth article on, what stands below all of them goes, whatever it says; before, it stays."""
    articles = [article(number, *story, *FOOTER) for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles[:4])).text.split("\n")[-1] == FOOTER[-1]
    cleaned = strip(articles[0], known(articles))
    assert cleaned.text.split("\n") == [*STORIES[0]]
    assert {(cut.text, cut.family, cut.reason) for cut in cleaned.cuts} == {
        (line, "repeated", "memory") for line in FOOTER
    }


def test_a_footer_that_was_given_up_stays_cut() -> None:
    """What its source has replaced is judged among the articles of its time, soon after as well as long after."""
    old = [article(number, *story, FOOTER[0]) for number, story in enumerate(STORIES)]
    new = [article(number + 10, *(f"Later on {p}" for p in story), FOOTER[1]) for number, story in enumerate(STORIES)]
    for later in (2, 5, 7):
        assert strip(old[0], known(old + new[:later])).text.split("\n") == [*STORIES[0]]


def test_what_stands_below_half_of_them_stays() -> None:
    """A paragraph that only some of a source's articles end in is no standing matter."""
    articles = [article(number, *story, *FOOTER[: number % 2 * 2]) for number, story in enumerate(STORIES * 2)]
    assert FOOTER[0] in strip(articles[1], known(articles)).text


def test_background_below_every_article_stays_and_all_that_stands_with_it() -> None:
    """What sounds like the story may be the background of a series, or a daily prayer: nothing is cut there."""
    articles = [article(number, *story, PROVINCES, FOOTER[1]) for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text.split("\n") == [*STORIES[0], PROVINCES, FOOTER[1]]


def test_a_heading_of_every_article_stays_with_what_it_heads() -> None:
    """A short line that each article has above its own text, or amid it, is a subhead, however often it comes back."""
    articles = [article(number, "Tonight's Episode", one, "Videos", two) for number, (one, two) in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text == "\n".join(
        ["Tonight's Episode", STORIES[0][0], "Videos", STORIES[0][1]]
    )


@pytest.mark.parametrize(
    "motto",
    [
        '"The sea gives back what it was given." (Old harbour proverb)',
        "„Wer am Ufer steht, lernt das Warten“ – Hanna Voss",
        "«Le vent se lève avant le jour et nous attend.»",
        "「海は広いな大きいな月がのぼるし日が沈む」",
        "They that go down to the sea in ships see wonders in the deep. (Psalm 107:23-24)",
        "Und er bedrohte den Wind – Mk 4,39",
        "They that go down to the sea in ships see wonders in the deep.",
        "Every Thursday our harbour master answers questions about tides, knots and gulls.",
        "Part of our series on life along the quays.",
    ],
)
def test_what_introduces_every_article_stays(motto: str) -> None:
    """A verse, a motto or an introduction above all articles says nothing that boilerplate says: an admin is asked."""
    articles = [article(number, motto, *story) for number, story in enumerate(STORIES)]
    cleaned = strip(articles[0], known(articles))
    assert cleaned.text.split("\n")[0] == motto
    assert [doubt.text for doubt in cleaned.doubts] == [motto]


def test_a_call_above_every_article_goes() -> None:
    """What speaks of gifts, letters or shares above all articles goes, if no rule describes it, too."""
    slogan = "The harbour's own newsletter, read in every house since the pier was built"
    for line in (slogan, f"{slogan} – May 3, 2026", "For more on the harbour, go to our pages at ferries.example."):
        articles = [article(number, line, *story) for number, story in enumerate(STORIES)]
        assert line not in strip(articles[0], known(articles)).text


def test_a_signature_below_every_letter_stays() -> None:
    """The name behind a dash that all letters of a source end in is part of them."""
    articles = [article(number, *story, "— Olga") for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text.endswith("\n— Olga")


def test_another_version_of_an_article_is_left_alone() -> None:
    """Where all of an article's blocks stand in all others, none of them is standing matter around it."""
    line = FOOTER[1]
    articles = [article(number, line, FOOTER[0], story[0]) for number, story in enumerate(STORIES)]
    shared = article(9, line, FOOTER[0])
    assert strip(shared, known(articles)).text.split("\n")[0] == line


def test_a_page_that_is_referred_to_again_stays() -> None:
    """A link to another site that some articles end in is a reference; one that all of them end in is not."""
    link = '<a href="https://museum.example/pianos/{0}">Pianos at sea, a list</a>'
    some = [article(number, *story, link.format(number) if number % 2 else "") for number, story in enumerate(STORIES)]
    assert strip(some[1], known(some)).text.endswith("\nPianos at sea, a list")
    every = [article(number, *story, link.format(number)) for number, story in enumerate(STORIES)]
    assert strip(every[1], known(every)).text == "\n".join(STORIES[1])


@pytest.mark.parametrize(
    "line",
    [
        "Price: {0}9 dollars",
        "Leith {0}, Harbour 2",
        "Attendance: 1,2{0}0",
        "The next service is on 1{0} March at 10 am.",
    ],
)
def test_a_line_that_says_another_number_each_time_stays(line: str) -> None:
    """What is told by numbers is told anew in each article, however alike the words are."""
    articles = [article(number, *story, line.format(number + 1)) for number, story in enumerate(STORIES)]
    for number, each in enumerate(articles):
        assert strip(each, known(articles)).text.endswith(line.format(number + 1))


def test_a_number_that_changes_now_and_then_hides_no_footer() -> None:
    """A volume, or a year in words that no rule knows, is the same block before and after it changes."""
    footer = "For more information on the Quay Seminary of {}, go to quayseminary.example."
    articles = [article(number, *story, footer.format(1986 + number // 4)) for number, story in enumerate(STORIES)]
    for number, each in enumerate(articles):
        assert strip(each, known(articles)).text.split("\n") == [*STORIES[number]]


def test_the_end_of_a_letter_stays() -> None:
    """A greeting that ends in a comma, and the name below it, close each letter of a column."""
    articles = [article(number, *story, "Yours, from the rock,", "Tom Riley") for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text.endswith("Yours, from the rock,\nTom Riley")


def test_a_prayer_that_ends_each_day_stays_whole() -> None:
    """None of its lines is taken for an appeal, though one asks to be given something."""
    prayer = [
        "Our Father, who art in heaven,",
        "give us this day our daily bread;",
        "and forgive us our trespasses.",
        "Amen.",
    ]
    articles = [article(number, *story, *prayer) for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text.split("\n") == [*STORIES[0], *prayer]


def test_a_heading_with_an_address_of_its_own_stays() -> None:
    """Headings that are links to their own place come back in the articles of a source, and are no links elsewhere."""
    heading = '<a href="https://ferries.example/{}#how">How the ferry is paid for</a>'
    articles = [article(number, heading.format(number), *story) for number, story in enumerate(STORIES)]
    assert strip(articles[0], known(articles[:4])).text.startswith("How the ferry is paid for")


SHARE = '<a href="https://www.facebook.com/sharer.php?u=1">Share on Facebook</a>'


def test_what_all_articles_have_beside_boilerplate_goes() -> None:
    """Amid an article, too, and with a line of dashes between; a subhead or a blessing beside a button stays."""
    call = "You can also watch the show in the player below, where it has closed captions now."
    for amid in ([SHARE, call], [call, "-----", SHARE]):
        articles = [article(number, one, *amid, two) for number, (one, two) in enumerate(STORIES)]
        assert strip(articles[0], known(articles)).text.replace("-----\n", "").split("\n") == [*STORIES[0]]
    for kept in ("About the guest", "What is coming up?", "Der Herr segne dich und behüte dich."):
        articles = [article(number, one, SHARE, kept, two) for number, (one, two) in enumerate(STORIES)]
        assert strip(articles[0], known(articles)).text.split("\n") == [STORIES[0][0], kept, STORIES[0][1]]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", " This reading is to be had at https://ferries.example now as a recording of forty minutes..."),
        ("", " The ferry hour is an outreach of the Quay Seminary at quayseminary.example in Toller."),
        ("This story is from the harbour's pages at https://ferries.example. This is the feed's version. ", ""),
    ],
)
def test_sentences_of_every_article_go_out_of_its_own_paragraphs(above: str, below: str) -> None:
    """What stands above or below the new sentences of a paragraph in nearly every article goes; they stay."""
    articles = [article(number, f"{above}{one} {two}{below}") for number, (one, two) in enumerate(STORIES)]
    memory = known(articles)
    for each, story in zip(articles, STORIES, strict=True):
        cleaned = strip(each, memory)
        assert cleaned.text == " ".join(story)
        assert strip(cleaned, memory).text == cleaned.text
    assert [(cut.family, cut.reason, cut.text) for cut in cleaned.cuts] == [
        ("repeated", "memory", (above or below).strip())
    ]
    assert strip(articles[0], known(articles[:4])).text == strip(articles[0]).text


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", " Go in peace to love and serve the sea."),
        ("", " Amen."),
        ("Every Thursday our harbour master answers questions about tides. ", ""),
    ],
)
def test_a_blessing_within_the_last_paragraph_stays(above: str, below: str) -> None:
    """So does what introduces the first one, and a word or two."""
    articles = [article(number, f"{above}{one} {two}{below}") for number, (one, two) in enumerate(STORIES)]
    assert strip(articles[0], known(articles)).text == f"{above}{' '.join(STORIES[0])}{below}"


def test_an_article_of_nothing_but_standing_sentences_is_left_some() -> None:
    """Where each sentence of a paragraph stands in all others, something of it stays."""
    above, below = "This is the feed's version of the harbour news.", "It is at https://ferries.example as a recording."
    articles = [article(number, f"{above} {one} {below}") for number, (one, _) in enumerate(STORIES)]
    assert strip(article(9, f"{above} {below} The end of it."), known(articles)).text
