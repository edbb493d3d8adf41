"""Texts that a program wrapped, in whatever way, become paragraphs again."""

from textwrap import fill

import pytest

from syndicate.model import Entry, Reading, SourceSpec
from syndicate.normalize.article import normalize
from syndicate.normalize.shape import blocks

PARAGRAPHS = [
    (
        "The lock keepers of the upper canal said on Friday that they would stay at home until somebody pays, which "
        "nobody has done since the barges stopped in the spring."
    ),
    (
        "Captain Ida Moor, who has taken her boat through every gate for thirty years, offered to open them herself. "
        "She was told that the law forbids it, for now and for good."
    ),
    "Water is let in again on the first of May, whether the gates are open or not, and the ducks at least are glad.",
]


def _texts(text):
    return [block.text for block in blocks(text)]


@pytest.mark.parametrize("width", [60, 65, 72, 80])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_wrapped_text_without_blank_lines(width, between):
    """Headline, byline and paragraphs are told apart where only a line that is not full ends them."""
    head = ["Lock keepers stay at home", "By Ada Quay, Staff writer"]
    text = "\n".join(head) + "\n" + between.join(fill(paragraph, width) for paragraph in PARAGRAPHS)
    assert _texts(text) == [*head, *PARAGRAPHS]


@pytest.mark.parametrize("between", ["\n\n", "\n\n\n"])
def test_a_blank_line_behind_each_line_ends_no_paragraph(between):
    """A scan that was read has one behind each line that goes on; paragraphs and verse that are set so stay."""
    head = ["Lock keepers stay at home", "By Ada Quay, Staff writer"]
    read = between.join(fill(paragraph, 60).replace("\n", "\n\n") for paragraph in PARAGRAPHS)
    assert _texts("\n\n".join([*head, read])) == [*head, *PARAGRAPHS]
    verse = [f"and the water {verb} the lock," for verb in ("went through", "fell on", "rose in", "left", "saw") * 4]
    assert _texts("\n\n".join(verse)) == verse


def test_longer_lines_do_not_hide_the_width_of_the_others():
    """An address, a disclaimer or a headline may be wider than the lines that were wrapped, in twos as well."""
    pair = "The gates are shut from the first of October to the last day of April,\nthe keepers wrote."
    long = "If you have received this in error you may keep it, since all of it was told before by us."
    head = "Keepers Of The Upper Canal Stay At Home Until Somebody Pays Them What Is Due"
    text = f"{head}\n\n{fill(PARAGRAPHS[0], 72)}\n\n{pair}\n\n{long}"
    assert _texts(text) == [head, PARAGRAPHS[0], pair.replace("\n", " "), long]


def test_a_list_in_a_wrapped_text_stays_a_list_of_lines():
    """Short lines and verse in a mail that was wrapped are no paragraph, nor glued to one."""
    lines = ["Upper gate: shut", "Middle gate: open on Sundays, for ducks", "Lower gate: gone"]
    verse = ["The gate is shut, the water stands,", "and nobody would know", "that it was ever made by hands", "to go."]
    text = "\n\n".join([*(fill(paragraph, 70) for paragraph in PARAGRAPHS), "\n".join(lines), "\n".join(verse)])
    assert _texts(text) == [*PARAGRAPHS, *lines, *verse]


def test_an_address_on_a_line_of_its_own_stays_there():
    """An address fits into no line, so that it does not show that the line above it was full."""
    lines = ["Days of the gates", "https://canal.example/gates/upper/open/days/of/the/year/list.html"]
    assert _texts("\n\n".join([*(fill(p, 70) for p in PARAGRAPHS), "\n".join(lines)])) == [*PARAGRAPHS, *lines]


@pytest.mark.parametrize("signs", [20, 35])
def test_wrapped_lines_of_wide_signs(signs):
    """Signs of Chinese and Japanese take two columns, may be parted anywhere, and are joined without a blank."""
    paragraphs = [
        "運河の水門を守る人々は金曜日、だれかが給料を払うまで家にいると述べた。春に船が止まって以来、給料はだれからも払われていない。",
        "三十年にわたって船で水門を通ってきた船長は、自分で門を開けると申し出たが、法律がそれを許さないと言われた。",
    ]
    wrapped = [
        "\n".join(paragraph[at : at + signs] for at in range(0, len(paragraph), signs)) for paragraph in paragraphs
    ]
    assert _texts("\n\n".join(wrapped)) == paragraphs
    titles = [
        "水門を守る人々、家にいると決める",
        "船長、門を開けると申し出る",
        "水は五月一日に戻ると町は説明する",
        "鴨は喜ぶ",
    ]
    assert _texts("\n".join(titles)) == titles


def test_words_broken_at_line_ends_are_whole_again():
    """What a typesetter broke loses its hyphen; what the text spells with one keeps it; a soft hyphen always goes."""
    text = (
        "The keepers of the upper canal recommended a reconstruc-\n"
        "tion of the gates, and they asked for a compensa-\n"
        "tion for the days which the well-paid gentle-\n"
        "men of the board, and of the mother-\n"
        "in-law of canals, spent at home, for two- or\n"
        "three-month stays, or at the lunches of a well-\n"
        "known inn, whose owner had photo\u00ad\ngraphs of them."
    )
    told = text.replace("ruc-\n", "ruc").replace("sa-\n", "sa").replace("le-\n", "le").replace("\u00ad\n", "")
    assert _texts(text) == [told.replace("-\nin", "-in").replace("-\nkn", "-kn").replace("\n", " ")]
    assert _texts("Photo\u00ad\ngraphs of gates") == ["Photographs of gates"]


def test_compounds_that_a_mail_program_parted_keep_their_hyphens():
    """Where words with hyphens stand within lines, too, those at line ends are such words, too."""
    text = (
        "The four-year-old gates of the canal were shut by the far-\n"
        "sighted and high-minded, if short-tempered keepers in mid-\n"
        "winter, which the slow-moving, ill-advised board found out."
    )
    assert _texts(text) == [text.replace("\n", " ").replace("- ", "-")]


@pytest.mark.parametrize("width", [30, 33, 38])
def test_a_newspapers_column(width):
    """Lines of a narrow column are joined where there are many and nearly all are full; verse is never so even."""
    assert _texts("\n\n".join(fill(paragraph, width) for paragraph in PARAGRAPHS)) == PARAGRAPHS
    verse = [
        "The gate is shut, the water stands,",
        "and nobody would know",
        "that it was ever made by hands",
        "to go where waters go.",
        "The keeper sits before his house,",
        "as idle as the rain,",
        "and listens to a single mouse",
        "that wants the barge again,",
        "with all the corn that it would bring",
        "and scatter on the quay,",
        "before the first of days in spring",
        "when all the locks are free",
        "and not a boatman is too poor",
        "to pay.",
    ]
    assert _texts("\n".join(verse)) == verse


def test_line_ends_that_were_written_twice():
    """Line ends of two carriage returns, as text mode on text mode writes them, double no line."""
    text = "\n\n".join(fill(paragraph, 66) for paragraph in PARAGRAPHS)
    assert _texts(text.replace("\n", "\r\r\n")) == PARAGRAPHS


@pytest.mark.parametrize("parts", [["T", "he lock keepers"], ["T HE lock keepers"], ["T HE LOCK keepers"]])
def test_a_letter_that_was_set_large_joins_its_word(parts):
    """The word has to stand elsewhere, too; a word of one letter in front of another one stays what it is."""
    rest = PARAGRAPHS[0].removeprefix("The lock keepers")
    [first, *others] = _article(*parts[:-1], parts[-1] + rest, *PARAGRAPHS[1:]).text.split("\n")
    assert first.casefold() == PARAGRAPHS[0].casefold()
    assert others == PARAGRAPHS[1:]
    for kept in (["A", "way through the gates"], ["X", "ylophones play at the lock"], ["A NEW gate is made"]):
        text = [*kept, *PARAGRAPHS, "He sailed away, by a way that few know."]
        assert _article(*text).text.split("\n") == text


def _article(*parts, house="", kept=lambda text, title: False):
    entry = Entry(title="Lock keepers stay", body="\n\n".join(parts), body_kind="text")
    return normalize(entry, SourceSpec(key="desk", kind="folder", location="", title=house), Reading("folder"), kept)


@pytest.mark.parametrize("furniture", [["12"], ["– 12 –"], ["Canal Post", "12"], ["Canal Post | Page 12"]])
def test_a_paragraph_across_two_pages_is_one(furniture):
    """A page's number and running head between two halves of a sentence go with a record, and the halves are joined."""
    above, below = PARAGRAPHS[0].split(" which ")
    below = f"which {below}"
    article = _article(above.rstrip(","), *furniture, below, *PARAGRAPHS[1:])
    assert article.text.split("\n") == [f"{above.rstrip(',')} {below}", *PARAGRAPHS[1:]]
    assert [cut.text for cut in article.cuts] == furniture
    assert article.cuts[0].start == len(above)
    assert furniture[0] in _article(above, *furniture, below, kept=lambda *_: True).text


def test_numbers_of_parts_stay():
    """Numbers between whole paragraphs may count the parts of a story, or the verses of a hymn."""
    parts = ["1", PARAGRAPHS[0], "2", PARAGRAPHS[1], "3", PARAGRAPHS[2]]
    assert _article(*parts).text.split("\n") == parts


@pytest.mark.parametrize("head", [["CANAL POST", "12"], ["7", "The Canal Post"], ["Canal Post | October 12, 2026"]])
def test_a_running_head_that_comes_back_is_no_text(head):
    """The house's name beside a page's number, or with a day, goes where it comes back; alone it may be who asks."""
    article = _article(PARAGRAPHS[0], *head, PARAGRAPHS[1], *head, PARAGRAPHS[2], house="The Canal Post")
    assert article.text.split("\n") == PARAGRAPHS
    assert [cut.text for cut in article.cuts] == [*head, *head]
    for line in ("Canal Post", "Copyright 2026 Canal Post"):
        parts = [PARAGRAPHS[0], line, PARAGRAPHS[1], line, PARAGRAPHS[2]]
        assert _article(*parts, house="The Canal Post").text.split("\n") == parts


def test_numbers_that_count_on_with_a_page_are_pages():
    """Where one number has the word for it those that count up to it, and on from it, are pages, too."""
    article = _article(
        PARAGRAPHS[0], "11", PARAGRAPHS[1], "Canal Post | Page 12", PARAGRAPHS[2], "- 13 -", "Then it rained."
    )
    assert article.text.split("\n") == [*PARAGRAPHS, "Then it rained."]
    assert [cut.text for cut in article.cuts] == ["11", "Canal Post | Page 12", "- 13 -"]


def test_headlines_of_like_length_stay_apart():
    """Where letters know no case, lines that are not nearly all full are headlines, though none of them ends."""
    titles = [
        "運河の水門を守る人々、給料を払うまで家にいると決める",
        "三十年の船長、自分で門を開けると町の議会に申し出る",
        "水は五月一日に戻ると町は説明する",
        "鴨は今年の春の知らせを聞いてとても喜んでいる",
        "水門の鍵、橋の下で見つかる",
    ]
    assert _texts("\n".join(titles)) == titles
