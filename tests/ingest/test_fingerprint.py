"""What makes two readings of an article the same: exact for what a reader notices, blind to noise."""

import random
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.fingerprint import alike, fingerprint, sketch
from syndicate.model import Article, Enclosure, Image, Original, Person

BODY = (
    '<p>The <em class="x" id="y">ferry</em> sails\nagain.</p><p><a href="/a" rel="r">More</a> <img src="i" alt="j"></p>'
)
BASE = Article(
    source="lake",
    key="one",
    link="https://lake.example/one",
    title="The ferry",
    html=BODY,
    text="The ferry sails again.",
    authors=(Person("Ann Lee", "Writer"),),
    categories=("Lake", "Ships"),
    images=(Image("https://lake.example/i.jpg", "The pier"),),
    rights="Copyright 2026 Lake",
)


def changed(**fields: object) -> Article:
    """The article with other fields."""
    return Article(**{name: getattr(BASE, name) for name in Article.__slots__} | fields)


@pytest.mark.parametrize(
    "noise",
    [
        {"published": datetime(2026, 1, 1, tzinfo=UTC), "updated": datetime(2026, 2, 1, tzinfo=UTC)},
        {"html": BODY.replace("\n", "  \n ").replace("</p><p>", "</p>\n\n<p>")},
        {"html": BODY.replace('class="x" id="y"', 'id="y" class="x"')},
        {"html": BODY.replace('class="x" id="y"', 'data-n="7"')},
        {"html": BODY.replace('href="/a" rel="r"', "rel='r' href='/a'")},
        {"html": BODY.replace("<p>", "<P>").replace("</p>", "</P>")},
        {"title": " The  ferry "},
        {"categories": ("Ships", "Lake")},
        {"rights": "Copyright 2026  Lake"},
        {"key": "two"},
        {"link": "http://www.lake.example/one/"},
    ],
)
def test_noise_is_not_noticed(noise: dict[str, object]) -> None:
    """Dates, white space, attributes' order and choice, categories' order and the address' spelling change nothing."""
    assert fingerprint(changed(**noise)) == fingerprint(BASE)


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "The ferries"},
        {"html": BODY.replace("again", "today")},
        {"html": BODY.replace("em", "strong")},
        {"html": BODY.replace("/a", "/b")},
        {"html": BODY.replace('src="i"', 'src="k"')},
        {"html": BODY.replace("</p><p>", " ")},
        {"link": "https://lake.example/two"},
        {"authors": (Person("Ann Lee", "Editor"),)},
        {"authors": ()},
        {"categories": ("Lake",)},
        {"images": (Image("https://lake.example/i.jpg", "The harbour"),)},
        {"images": ()},
        {"rights": ""},
        {"enclosures": (Enclosure("https://lake.example/a.mp3", "audio/mpeg"),)},
        {"original": Original("Sea News", "https://sea.example/one")},
        {"held": "too much would be cut"},
    ],
)
def test_edits_are_noticed(edit: dict[str, object]) -> None:
    """Every change that a reader of the article would notice gives another fingerprint."""
    assert fingerprint(changed(**edit)) != fingerprint(BASE)


def test_how_much_would_be_cut_is_not_noticed() -> None:
    """Why an article is held is nothing that partners see, and so no edit of one that a person has released."""
    reasons = ("80% of the text would be cut", "76% of the text would be cut")
    assert len({fingerprint(changed(held=reason)) for reason in reasons}) == 1


words = st.lists(st.text("abcdefgh", min_size=3, max_size=7), min_size=60, max_size=120)


@given(words, st.data())
def test_one_word_more_is_alike(text: list[str], data: st.DataObject) -> None:
    """A text with one word put in stays like itself; sketches are sorted alike whatever the white space and case."""
    place = data.draw(st.integers(0, len(text)))
    longer = [*text[:place], "zzz", *text[place:]]
    assert sketch("\n".join(text).upper()) == sketch(" ".join(text))
    if len(set(text)) > 55:
        assert alike(sketch(" ".join(text)), sketch(" ".join(longer)))


RNG = random.Random(5)
WORDS = ["".join(RNG.choices("abcdefghilmnoprstu", k=RNG.randint(2, 9))) for _ in range(2_000)]


def text(words: int) -> str:
    return " ".join(RNG.choices(WORDS, k=words))


def test_a_retouched_text_is_alike() -> None:
    """A few changed words of four hundred leave a text near-identical."""
    words = text(400).split()
    retouched = [*words[:200], "corrected", *words[203:]]
    assert alike(sketch(" ".join(words)), sketch(" ".join(retouched)))


def test_texts_that_share_a_tail_are_not_alike() -> None:
    """Two stories that end in the same ten lines are two stories."""
    tail = text(60)
    assert not alike(sketch(f"{text(300)} {tail}"), sketch(f"{text(300)} {tail}"))


def test_other_texts_are_not_alike() -> None:
    """Texts that have nothing in common, or too little to compare, are not alike."""
    assert not alike(sketch(text(300)), sketch(text(300)))
    assert sketch(text(39)) == ()
    assert not alike((), ())


def test_sketch_is_the_same_everywhere() -> None:
    """A sketch is stored: it must not depend on the process, only on words, whatever their case and punctuation."""
    words = [f"word{n}" for n in range(43)]
    values = sketch(" ".join(words))
    assert values == sketch("  ".join(w.upper() for w in words) + ".")
    assert len(values) == 16
    assert values[0] == 987991380713368752
    assert all(-(2**63) <= v < 2**63 for v in values)


@given(st.lists(st.text(max_size=3), min_size=43, max_size=43))
def test_signs_of_all_scripts_part_words(signs: list[str]) -> None:
    """A sketch goes by words alone, whatever stands between them."""
    mixed = "".join(f"word{n}{sign}" for n, sign in enumerate(signs))
    assert sketch(mixed) == sketch(" ".join(re.findall(r"\w+", mixed.casefold())))


def test_one_of_several_hosts_that_are_alike_is_noise() -> None:
    """Which of YouTube's hosts names a picture says nothing; another picture there does."""
    one, same, other = (
        fingerprint(changed(images=(Image(f"https://{place}"),)))
        for place in ("i1.ytimg.com/vi/a/0.jpg", "i3.ytimg.com/vi/a/0.jpg", "i1.ytimg.com/vi/b/0.jpg")
    )
    assert one == same != other
