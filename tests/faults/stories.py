"""Articles of no meaning, no two alike, and feeds made of them; from a seeded random, so that runs repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random

_STEMS = [
    "bar",
    "ven",
    "tol",
    "mer",
    "kas",
    "rin",
    "dol",
    "fen",
    "gar",
    "hul",
    "jor",
    "lam",
    "nes",
    "pol",
    "quin",
    "rost",
    "sel",
    "tam",
    "und",
    "vor",
    "wick",
    "yar",
    "zel",
    "brin",
    "corm",
]
_ENDS = [
    "a",
    "en",
    "or",
    "ith",
    "um",
    "ast",
    "el",
    "ing",
    "own",
    "ery",
    "is",
    "ock",
    "and",
    "ew",
    "all",
    "eth",
    "our",
    "ine",
    "ost",
    "arn",
]
_SMALL = ["the", "a", "of", "to", "and", "in", "for", "with", "on", "from", "at", "by", "near", "under"]


@dataclass(frozen=True, slots=True)
class Story:
    """One article; `key` is its guid."""

    key: str
    link: str
    title: str
    paragraphs: tuple[str, ...]
    date: datetime

    @property
    def html(self) -> str:
        """The body as it stands in a feed."""
        return "".join(f"<p>{escape(text, quote=False)}</p>" for text in self.paragraphs)


def word(rng: Random) -> str:
    return rng.choice(_STEMS) + rng.choice(_ENDS) if rng.random() < 0.6 else rng.choice(_SMALL)


def sentence(rng: Random, words: int = 14) -> str:
    text = " ".join(word(rng) for _ in range(rng.randint(words // 2, words)))
    return text[0].upper() + text[1:] + "."


def story(number: int, seed: int = 0, host: str = "paper.example") -> Story:
    """The story of this number; the same each time."""
    rng = Random(f"{seed}:{host}:{number}")
    paragraphs = tuple(" ".join(sentence(rng) for _ in range(rng.randint(2, 4))) for _ in range(rng.randint(3, 6)))
    link = f"https://{host}/{number}/{word(rng)}-{word(rng)}"
    date = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number % 500)
    return Story(f"{host}-{seed}-{number}", link, sentence(rng, 8).rstrip("."), paragraphs, date)


def stories(count: int, seed: int = 0, host: str = "paper.example") -> tuple[Story, ...]:
    return tuple(story(number, seed, host) for number in range(count))


def item(one: Story) -> str:
    """The story as an item of RSS."""
    return (
        f"<item><guid isPermaLink='false'>{escape(one.key)}</guid><title>{escape(one.title)}</title>"
        f"<link>{escape(one.link)}</link><pubDate>{format_datetime(one.date)}</pubDate>"
        f"<description>{escape(one.html)}</description></item>"
    )


def rss(items: Iterable[str], title: str = "A paper", extra: str = "") -> bytes:
    """An RSS feed of items that are written already."""
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(title)}</title>"
        f"<link>https://paper.example/</link><description>d</description>{extra}{''.join(items)}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def feed(of: Sequence[Story], title: str = "A paper") -> bytes:
    return rss((item(one) for one in of), title)
