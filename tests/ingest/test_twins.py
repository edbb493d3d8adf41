"""Which of other sources' articles says the same as ours."""

import random
from datetime import UTC, datetime, timedelta

from syndicate.ingest.fingerprint import sketch
from syndicate.ingest.twins import Twins
from syndicate.records import Known

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RNG = random.Random(7)
WORDS = ["".join(RNG.choices("abcdefghilmnoprstu", k=RNG.randint(2, 9))) for _ in range(2_000)]


def text(words: int = 200) -> str:
    return " ".join(RNG.choices(WORDS, k=words))


def stored(name: str, body: str = "", link: str = "", minutes: int = 0) -> Known:
    received = NOW + timedelta(minutes=minutes)
    return Known(name, name, link, name, "", "", "", received, received, sketch(body), "live")


def test_the_first_that_says_the_same_is_found() -> None:
    """Of several copies the one that was received first counts, by address as well as by text."""
    story = text()
    link = "https://one.example/story"
    twins = Twins([stored("late", story, minutes=9), stored("by-link", link=link, minutes=3), stored("other", text())])
    assert twins.first("http://www.one.example/story?utm_source=x", sketch(story), None) == "by-link"
    assert twins.first("", sketch(story), None) == "late"
    assert twins.first("https://one.example/another", sketch(text()), None) == ""


def test_only_what_came_before_ours_is_the_first() -> None:
    """An article that is received after ours, or at the same moment, is the copy."""
    story = text()
    twins = Twins([stored("late", story, minutes=9)])
    assert twins.first("", sketch(story), NOW + timedelta(minutes=9)) == ""
    assert twins.first("", sketch(story), NOW + timedelta(minutes=10)) == "late"


def test_a_shared_turn_of_phrase_makes_no_twin() -> None:
    """Articles without address or text, and those that share a passage, are nobody's twins."""
    passage = text(50)
    twins = Twins([stored("empty"), stored("passage", f"{text()} {passage}")])
    assert twins.first("", (), None) == ""
    assert twins.first("", sketch(f"{text()} {passage}"), None) == ""
