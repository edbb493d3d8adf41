"""What speaks for an edit, and what for another article."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndicate.ingest.likeness import Clues, clues, is_at_home, is_excerpt_or_copy, is_own_place, is_same, is_told
from syndicate.model import Article

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "same"),
    [
        # Guid and address are its own.
        (Clues("both", "same", "other"), True),  # rewritten under its headline
        (Clues("both", "same", "other", "moved"), False),  # tomorrow's word for the day
        (Clues("both", "same", "other", "moved", shrunk=True), True),  # withdrawn with a notice
        (Clues("both", "other", "other", "same"), True),  # withdrawn, headline and all: the date is still its own
        (Clues("both", "other", "other"), False),  # what only passes through this place
        (Clues("both", "other", "kin", "moved"), True),  # a live ticker
        (Clues("both", "other", "alike"), True),  # a headline corrected
        (Clues("both", "near", "other", grown=True, long=False), True),  # a stub that grows
        (Clues("both", "near", "other", "moved", grown=True, long=False), False),
        (Clues("both", "near", "other"), False),  # verse 11, verse 22
        # One of them.
        (Clues("one", "other", "same"), True),
        (Clues("one", "other", "kin"), True),
        (Clues("one", "same", "other"), True),
        (Clues("one", "near", "other", "same"), False),  # all of a day are dated midnight
        (Clues("one", "near", "none"), True),  # headlines without text
        (Clues("one", "near", "none", "moved"), False),
        (Clues("one", "other", "none"), False),
        # An address that many share or that goes by another guid; a mere title.
        (Clues("weak", "same", "kin"), True),
        (Clues("weak", "same", "other"), False),  # a second letter to the editor
        (Clues("weak", "same", "other", "same"), True),
        (Clues("weak", "other", "alike"), True),
        (Clues("weak", "other", "alike", "moved"), False),  # a form filled in anew
        (Clues("weak", "other", "same", long=False), False),  # "Read more on our site." under every headline
        # No name at all: a site's relaunch, or a copy.
        (Clues("none", "same", "same", "moved"), True),
        (Clues("none", "same", "alike", "same"), True),
        (Clues("none", "same", "alike", "moved"), False),  # Sunday's masses
        (Clues("none", "same", "alike", whole=True), True),  # story-v2.txt, with a paragraph more
        (Clues("none", "same", "alike", "moved", whole=True), False),
        (Clues("none", "near", "alike", whole=True), False),
        (Clues("none", "same", "kin", whole=True), False),
        (Clues("none", "near", "same"), False),  # two episodes under one description
        (Clues("none", "near", "same", "same"), True),
        (Clues("none", "near", "alike", "same"), False),
        (Clues("none", "other", "same", "same"), False),
        (Clues("none", "same", "same", long=False), False),
    ],
)
def test_what_decides(given: Clues, same: bool) -> None:
    """The evidence, case by case: a real edit stays an edit, another article is kept beside the first."""
    assert is_same(given) is same


def words(name: str, count: int) -> str:
    return " ".join(f"{name}{n}" for n in range(count))


def article(title: str, text: str, published: datetime | None = None) -> Article:
    return Article("lake", "guid:x", "https://lake.example/x", title, f"<p>{text}</p>", text, published=published)


FIRE = article("Fire at the warehouse", "A warehouse burns in Dunmore. More follows.", NOON)
STORY = article("Mayor arested", words("mayor", 200), NOON)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (STORY, article("Mayor arrested", words("mayor", 200)), {"title": "near", "text": "same", "date": "unknown"}),
        (STORY, article("MAYOR  arested!", words("mayor", 230)), {"title": "same", "text": "alike"}),
        (STORY, article("Mayor arested", words("mayor", 200)[900:] + words("then", 100)), {"text": "kin"}),
        (STORY, article("Mayor arested", "This article was removed."), {"text": "other", "shrunk": True}),
        (STORY, article("", "New: " + words("mayor", 200) + "\nAnd more."), {"text": "alike", "whole": True}),
        (STORY, article("", words("mayor", 199) + " m200"), {"text": "alike", "whole": False}),
        (FIRE, article("Warehouse fire put out", words("fire", 90), NOON), {"title": "near", "grown": True}),
        (FIRE, article("Fire at the warehouse", words("x", 90), NOON + DAY), {"date": "moved", "long": False}),
        (FIRE, article("Dean elected", "A dean was elected in Dunmore. More follows."), {"title": "other"}),
        (FIRE, article("Dean elected", "The chapter met at noon.", NOON), {"text": "other", "date": "same"}),
        (article("A", ""), article("B", ""), {"text": "none"}),
        (article("橋が開通", "橋が再び開通した。"), article("橋が開通", "橋が再び開通しました。"), {"text": "alike"}),
        (article("橋が開通", "橋が再び開通した。"), article("市長選挙", "市長に新人が当選。"), {"title": "other"}),
    ],
)
def test_what_is_compared(before: Article, after: Article, expected: dict[str, Any]) -> None:
    """Titles by their words, texts by their turns of phrase (short ones by pairs of words), dates by the day."""
    found = clues(before, after, "both")
    assert {name: getattr(found, name) for name in expected} == expected


def test_an_excerpt_is_a_piece_of_the_article() -> None:
    """The beginning of a text, and a bare headline, say nothing beyond it; a comment does; two words prove nothing."""
    story = article("Mayor arrested", words("mayor", 200))
    assert is_excerpt_or_copy(article("Read this", words("mayor", 20) + " more"), story)
    assert is_excerpt_or_copy(story, article("Read this", words("mayor", 20)))
    assert is_excerpt_or_copy(article("Mayor arrested", ""), story)
    assert not is_excerpt_or_copy(story, article("Mayor arrested", ""))
    assert not is_excerpt_or_copy(article("Mayor arrested", words("comment", 20)), story)
    assert not is_excerpt_or_copy(article("Mayor arrested", "mayor1 mayor2"), story)


def test_a_front_page_is_no_articles_own() -> None:
    """Only an address with something behind the host can be one article's."""
    assert not is_own_place("https://www.lake.example/")
    assert is_own_place("https://lake.example/?p=5")


@pytest.mark.parametrize(
    ("location", "home"),
    [
        ("https://www.lake.example/feed", True),
        ("http://feeds.lake.example/all.xml", True),
        ("https://evil-lake.example/feed", False),
        ("https://example/feed", False),
        ("/srv/drop", False),
    ],
)
def test_a_house_is_its_host(location: str, home: bool) -> None:
    """A source is at home where it links to its own host, or is polled from a subdomain of it."""
    assert is_at_home("https://lake.example/one", location) is home


@pytest.mark.parametrize(
    ("title", "teaser", "page", "told"),
    [
        ("Otters return to the Wye", "", "Otters return to the Wye - Lake News", True),
        ("Cold comfort", "Heat pumps are everywhere in Norway [...]", "A quiet boom\nHeat pumps are everywhere.", True),
        ("Mayor to sign treaty", "The mayor will be in Oslo on Sunday.", "Sign in\nPlease enter your password.", False),
        (
            "News of the pier",
            "A boat hit it at dawn.",
            "News of the mill\nIts wheel turns again after the storm.",
            False,
        ),
        ("水獺回到瓦伊河", "黎明時分拍到三隻水獺。", "水獺回到瓦伊河\n六十年來第一次。", True),
        ("水獺回到瓦伊河", "黎明時分拍到三隻水獺。", "登入\n請輸入您的電子郵件地址和密碼以繼續閱讀。", False),
        ("Выдры вернулись на реку", "", "Войти\nВведите пароль, чтобы читать дальше.", False),
        ("ค่ำคืนแห่งแม่น้ำ", "", "ค่ำคืนแห่งแม่น้ำ\nนากกลับมาแล้ว", True),
        ("ค่ำคืนแห่งแม่น้ำ", "", "เข้าสู่ระบบเพื่ออ่านต่อ", False),
        ("", "Three otters were filmed at dawn.", "Three otters were filmed at dawn near the weir.", True),
        ("", "Three otters were filmed at dawn.", "Log in to go on.", False),
        ("", "", "Three otters were filmed at dawn.", True),
    ],
)
def test_a_page_tells_what_was_announced(title: str, teaser: str, page: str, told: bool) -> None:
    """A page has most of the headline's words or passages of the teaser, in any script, or it is another's."""
    assert is_told(title, teaser, page) == told
