"""Which of other sources' articles says the same as ours."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndicate.ingest.fingerprint import sketch
from syndicate.ingest.twins import Shelf, Told, Twins
from syndicate.model import Article
from syndicate.records import Known

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RNG = random.Random(7)
WORDS = ["".join(RNG.choices("abcdefghilmnoprstu", k=RNG.randint(2, 9))) for _ in range(2_000)]

FORM = " ".join(RNG.choices(WORDS, k=160))


def text(words: int = 200) -> str:
    return " ".join(RNG.choices(WORDS, k=words))


def article(name: str, body: str = "", link: str = "", source: str = "lake") -> Article:
    return Article(source, name, link, name, f"<p>{body}</p>", body)


def stored(one: Article, minutes: int = 0, **fields: Any) -> Known:
    received = NOW + timedelta(minutes=minutes)
    given = Known(one.id, one.key, one.link, one.title, "", "", "", received, received, sketch(one.text), "live")
    return replace(given, source=one.source, location=f"https://{one.source}.example/feed", **fields)


def told(one: Article) -> Told:
    return Told(one, sketch(one.text), f"https://{one.source}.example/feed")


def twins(*them: tuple[Article, Known]) -> Twins:
    return Twins([known for _, known in them], {one.id: one for one, _ in them}, frozenset())


def test_the_first_that_says_the_same_is_found() -> None:
    """Of several copies the one that was received first counts, by address and words as well as by text alone."""
    story, link = text(), "https://one.example/story"
    late, early, other = article("late", story), article("early", story[:200], link), article("other", text())
    shelf = twins((late, stored(late, 9)), (early, stored(early, 3)), (other, stored(other)))
    assert shelf.first(told(article("x", story, f"{link}?utm_source=x", "sea")), None) == early.id
    assert shelf.first(told(article("x", story, source="sea")), None) == late.id
    assert shelf.first(told(article("x", text(), "https://one.example/another", "sea")), None) == ""
    assert shelf.first(told(article("x", story, source="sea")), None, passed={late.id}) == ""


def test_only_what_came_before_ours_is_the_first() -> None:
    """What is received after ours, or at the same moment, is the copy; a copy stays one when its clock was set back."""
    story = text()
    one, ours = article("late", story), article("ours", story, source="sea")
    shelf = twins((one, stored(one, 9)))
    assert shelf.first(told(ours), stored(ours, 9)) == ""
    assert shelf.first(told(ours), stored(ours, 10)) == one.id
    assert shelf.first(told(ours), stored(ours, 3, duplicate_of=one.id)) == one.id


@pytest.mark.parametrize("status", ["held", "duplicate"])
def test_what_is_not_published_has_no_copies(status: str) -> None:
    """Only what partners see hides another's article."""
    story = text()
    one = article("one", story)
    assert twins((one, stored(one, status=status))).first(told(article("x", story, source="sea")), None) == ""


def test_a_shared_turn_of_phrase_makes_no_twin() -> None:
    """Articles without address or text, and those that share a passage, are nobody's twins."""
    passage = text(50)
    empty, long = article("empty"), article("passage", f"{text()} {passage}")
    shelf = twins((empty, stored(empty)), (long, stored(long)))
    assert shelf.first(told(article("x", source="sea")), None) == ""
    assert shelf.first(told(article("x", f"{text()} {passage}", source="sea")), None) == ""


def test_of_many_at_one_address_the_newest_are_compared() -> None:
    """A front page that everything links to costs no more than an address of one article."""
    many = [article(f"n{n}", link="https://lake.example/") for n in range(50)]
    shelf = Shelf(stored(one, n) for n, one in enumerate(many))
    assert [known.key for known in shelf.linked("http://lake.example")] == [f"n{n}" for n in range(42, 50)]


def form(number: int, title: str = "") -> Article:
    """A form of 160 words, filled in with one word."""
    return replace(article(f"n{number}", f"{FORM} station{number}"), title=title or f"Weather {number}")


def test_of_many_forms_the_newest_under_one_title_are_compared() -> None:
    """What is filled in by the hundred costs no more than a few, and is told by its title; fewer are all compared."""
    several, many = [form(n) for n in range(30)], [form(n, "Masses" if n % 2 else "") for n in range(400)]
    shelf = Shelf(stored(one, n) for n, one in enumerate(several))
    assert len(shelf.alike(sketch(form(500).text), "Weather 500")) == 30
    shelf = Shelf(stored(one, n) for n, one in enumerate(many))
    asked = [(sketch(one.text), one.title) for one in many]
    assert all([k.title for k in shelf.alike(*of)] == [of[1]] for of in asked[::2])
    newest = shelf.alike(sketch(form(500).text), "MASSES!")
    assert [known.key for known in newest] == [f"n{n}" for n in range(385, 400, 2)]
    assert all(known in newest for of in asked[1::2] for known in shelf.alike(*of))


def test_a_copy_stays_one_whatever_came_since() -> None:
    """Hundreds of forms under the title of a copy and of its original make the copy no article of its own."""
    first, *more = (form(n, "Masses") for n in range(100))
    shelf = twins(*((one, stored(one, n)) for n, one in enumerate((first, *more))))
    copy = replace(form(0, "Masses"), source="sea")
    assert shelf.first(told(copy), stored(copy, 1, duplicate_of=first.id)) == first.id
