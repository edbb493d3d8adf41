"""Where an article first appeared, read from the notice that says so.

A link is chosen by what it says and where it leads: a name is the owner's, "read the original article" leads to the
original, and "sign up here" to neither.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from syndicate.model import Article, Original
from syndicate.normalize.tree import text_of
from syndicate.normalize.urls import host_of, is_web
from syndicate.strip.blocks import Block
from syndicate.strip.links import kind_of
from syndicate.strip.wording import Wording
from syndicate.strip.words import fold, split

_CALLING = frozenset({"share", "comments", "tag", "donate", "subscribe", "app"})  # kinds of links
_ASKING = frozenset({"subscribe", "newsletter", "donate", "follow", "share", "download", "rights", "terms"})  # concepts
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'()]+[^\s<>\"'().,;:!?]", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,12}")
_QUOTED = re.compile(r"""[«„“"‘「『《](?P<name>[^«»„“”"‘’「」『』《》]{2,60})[»”"“’」』》]""")
_DAY, _MONTH, _YEAR = r"\d{1,2}(?:st|nd|rd|th|\.)?", r"[^\W\d_]{3,12}\.?", r"(?:,?\s+(?:de\s+)?\d{4})"
_DATE_AT_END = re.compile(
    r"(?:\s*[,(–-]\s*|\s+(?:on|am|vom|le|el|em|il|op|den|in|im)\s+)"
    rf"(?:{_DAY}\s+(?:de\s+|of\s+)?{_MONTH}{_YEAR}?|{_MONTH}\s+{_DAY}{_YEAR}?|{_MONTH}{_YEAR}|\d[\d./-]{{5,9}})\W*$"
)
_LONGEST, _WORDS = 80, 6  # characters and words of a name
_NEAR = 400  # characters behind the words that tell, among which the name is looked for


@dataclass(frozen=True, slots=True)
class _Link:
    """A link of a notice: what it says, where it leads, and the character at which it stands."""

    text: str
    url: str
    at: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The package's knowledge of such notices (`origins.toml`), ready for use."""

    tells: re.Pattern[str]
    original: frozenset[str]
    before_name: re.Pattern[str]
    inside_name: frozenset[str]
    leading_on: frozenset[str]
    no_name: frozenset[str]


@cache
def _words() -> _Words:
    table = tomllib.loads(files(__package__).joinpath("origins.toml").read_text("utf-8"))
    names = {key: words.split() for key, words in table["names"].items()}
    before, articles = "|".join(names["before"]), "|".join(names["articles"])
    return _Words(
        tells=re.compile(rf"\b(?:{'|'.join(table['tells']['pattern'])})\b|{table['tells']['signs']}"),
        original=frozenset(table["original"]["words"].split()),
        before_name=re.compile(rf"(?:^|[\s(])(?:{before})\s+(?:(?:{articles})\s+)?"),
        inside_name=frozenset(names["inside"]),
        leading_on=frozenset(names["leading_on"]),
        no_name=frozenset(names["none"]),
    )


def tells(reading: Wording) -> int | None:
    """Return the character of the folded text at which it says where an article comes from; None if it does not."""
    if "first" in reading.concepts:
        at = 0
        for word in reading.words[: min(reading.concepts["first"])]:
            at = reading.folded.index(word, at) + len(word)
        return at
    found = _words().tells.search(reading.folded)
    return found.start() if found else None


def origin(block: Block, start: int, end: int | None, reading: Wording, article: Article) -> Original | None:
    """Read where an article first appeared from a notice; None if it names nobody, or the article's own site.

    The notice, as in `reading`, are the characters `start` to `end` of a block's raw text.
    """
    told = tells(reading)
    if told is None:
        return None
    text = " ".join(block.raw[start:end].split())  # the reading's is made for rules, and spells countries out
    own = _host(article.link)
    links = [link for link in _links(block, start, end, reading.slots.page) if not _asks(link)]
    leading = [link for link in links if _is_original(link, article.title)]
    owners = [link for link in links if link not in leading and not _is_author(link.text, reading)]
    owner = next((link for link in owners if link.at >= told), owners[-1] if owners else None)
    written = "" if links else next(iter(_ADDRESS.findall(text)), "")
    if owner is None and written:
        owner = _Link(written, written if "://" in written else f"https://{written}", told)
    if owner is not None and _host(owner.url) == own:
        return None
    url = next((link.url for link in (*leading, *filter(None, [owner])) if _host(link.url) != own), "")
    if leading and not url:
        return None
    name = _name(owner.text) if owner else _written_name(text[max(told - 2, 0) :], reading, article.title)
    name = name or _host(url)
    return Original(name, url) if name and (url or not _is_site(name, reading)) else None


def _links(block: Block, start: int, end: int | None, page: str) -> Iterator[_Link]:
    """Yield the links of a part of a block that may lead to an article or its owner."""
    position, seen = 0, set()
    for piece in block.pieces:
        here, position = position, position + len(piece.text)
        if piece.link is None or piece.link in seen or here < start or (end is not None and here >= end):
            continue
        seen.add(piece.link)
        text, url = text_of(piece.link), (piece.link.get("href") or "").strip()
        if is_web(url) and text and kind_of(piece.link, page) not in _CALLING:
            yield _Link(text, url, len(" ".join(block.raw[start:here].split())))


def _asks(link: _Link) -> bool:
    """Whether a link asks something of a reader, or leads to a licence."""
    concepts = Wording(link.text).concepts
    return not _ASKING.isdisjoint(concepts) and "first" not in concepts


def _is_original(link: _Link, title: str) -> bool:
    """Whether a link leads to the original: it says the article's title, a notice, or what an article is."""
    reading = Wording(link.text)
    return fold(link.text) == fold(title) or "first" in reading.concepts or _words().original.issuperset(reading.words)


def _is_author(text: str, reading: Wording) -> bool:
    return fold(text) in reading.slots.author


def _is_site(name: str, reading: Wording) -> bool:
    return not reading.slots.site.isdisjoint(split(fold(name)))


def _name(text: str) -> str:
    """Return a name without the date behind it; an address becomes its host."""
    if _ADDRESS.fullmatch(text):
        return _host(text if "://" in text else f"https://{text}")
    name = _DATE_AT_END.sub("", text).strip(" .,;:()[]\"'“”„«»")
    return name if len(name) <= _LONGEST else ""


def _written_name(text: str, reading: Wording, title: str) -> str:
    """Return the name that stands behind "in", "by" or the like, or in quotation marks."""
    text = text[:_NEAR].replace(title, "") if title else text[:_NEAR]
    for before in _words().before_name.finditer(text):
        quoted, rest = _QUOTED.match(text, before.end()), text[before.end() :]
        if reading.titled and len(rest.split()) <= _WORDS and not rest[:1].islower():
            return _name(rest)  # "The post TITLE appeared first on NAME.": nothing but the name can follow
        name = _name(quoted["name"]) if quoted else _capitals(rest)
        if name and not _is_author(name, reading):
            return name
    quoted = None if text.isascii() else _QUOTED.search(text)
    return _name(quoted["name"]) if quoted else ""


def _capitals(text: str) -> str:
    """Return the words with capitals (or without case) that a text begins with, small words between them included."""
    found: list[str] = []
    for word in text[:_LONGEST].split():
        bare = word.strip(".,;:!?()[]\"'“”„«»")
        named = bare[:1].isalpha() and not bare[0].islower() and fold(bare) not in _words().no_name
        small = found and (bare in _words().inside_name or found[-1] in _words().leading_on)
        if not (named or small or _DOMAIN.fullmatch(bare)):
            break
        found.append(bare)
        if word[-1] in ".,;:!?)" and bare != word:
            break
    while found and found[-1] in _words().inside_name:
        found.pop()
    name = " ".join(found)
    return name if len(name) > 2 else ""  # an article without its noun


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.") if is_web(url) else ""
