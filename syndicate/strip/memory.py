"""What is remembered of a source: which blocks come back, where in the articles they stand, and since when.

Time is counted in articles. A block that has not been seen for `_FORGET` articles is forgotten when a batch is through,
so a source that changes its looks is known again after a few articles; for the articles of one batch, everything in it
is known.
"""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

from syndicate.model import Article
from syndicate.normalize.urls import link_key
from syndicate.strip.blocks import Block
from syndicate.strip.document import Document
from syndicate.strip.sentences import edges
from syndicate.strip.words import bare, fold

_NUMBER = re.compile(r"(\d+(?:[.,:/-]\d+)*)")
_URL = re.compile(r"https?://\S+|www\.\S+")
_TELLING = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_VERSION = 1
_KEPT = 2_000  # characters: longer texts are not kept for the next look
_FIGURES = 40  # characters of a block's numbers, by which it is seen whether they change
_COUNT, _COUNTED = 80, 0.4  # characters, and share of those that are no signs
_FORGET = 60
_FORGET_SINGLE = 30
_CAPACITY = 4_000
_RECENT = 500
_SAME_ADDRESS, _SAME_TEXT = 0.5, 0.7  # share of text that two versions have in common, at one address and at any
_PARAGRAPHS, _PARAGRAPH = 3, 60  # paragraphs that they have in common at least, and characters of one
_REMEMBERED = 0.5  # share of what stood in this article alone, from which the article is not forgotten
EDGE = 8


def fingerprint(text: str, title: str = "") -> str:
    """Return the name of a block's text: the same for texts that differ in case, signs, numbers, addresses or title."""
    return _named_by(text, title)[0]


def _named_by(text: str, title: str) -> tuple[str, str]:
    """Return the name of a block's text, and the numbers that the name leaves aside."""
    told = title if len(title) > 8 and title in text else ""
    return _name(text, told) if len(text) < _KEPT else _name.__wrapped__(text, told)


@lru_cache(maxsize=4_096)  # an article is learned from first, and then stripped
def _name(text: str, title: str) -> tuple[str, str]:
    whole = _URL.sub("", text) if "http" in text or "www." in text else text
    whole = fold(whole.replace(title, "") if title else whole)
    pieces = _NUMBER.split(whole)  # what stands between numbers, and these, in turn
    masked, numbers = bare("0".join(pieces[::2])), pieces[1::2]
    if not _TELLING.search(masked) or (numbers and _is_count(text)):
        masked = text  # nothing but an address, a number or the title: no two of these are the same
    return _digest(masked), " ".join(numbers)[:_FIGURES]


def _is_count(text: str) -> bool:
    """Whether its numbers are what a text says: a mark in a recording, a score, a row of a table."""
    return len(text) < _COUNT and sum(map(str.isdigit, text)) > _COUNTED * sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one block: in how many articles it stood, how often at head or tail or as links, and when.

    `first` and `last` number the source's articles. `figures` are the numbers in it when it last stood, and `changed`
    says how often they were others than the time before.
    """

    seen: int = 0
    head: int = 0
    tail: int = 0
    linked: int = 0
    first: int = 0
    last: int = 0
    figures: str = ""
    changed: int = 0

    @property
    def varies(self) -> bool:
        """Whether it says something else each time, in numbers: a score, a price, the verse of the day."""
        return self.changed > 0 and 2 * self.changed >= self.seen - 1


_numbers = attrgetter(*[each.name for each in fields(Trace)])


@dataclass(frozen=True, slots=True)
class Memory:
    """The stripper's memory of one source; a value: `learn` returns a new one.

    `articles` counts those learned from, `recent` holds the marks of the latest, so that none counts twice (their ids
    alone in memories that were stored before 2026-11-26). `recalled` of the articles were learned from once more.
    """

    articles: int = 0
    traces: Mapping[str, Trace] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    recalled: int = 0

    def learn(self, article: Article) -> "Memory":
        """Return a memory that also knows this article, given as it was before stripping.

        Another version of an article that is known teaches nothing. Nothing is forgotten yet: see `forget`.
        """
        blocks = _named(article)
        return self if self._knows(article, dict(blocks)) else self._with(article, blocks)

    def recall(self, article: Article) -> "Memory":
        """Return a memory that also knows what it has forgotten of an article that it once learned from."""
        blocks = _named(article)
        own = {name: len(block.text) for name, block in blocks if self._sightings(name) < 2}
        remembered = sum(length for name, length in own.items() if name in self.traces)
        if remembered >= _REMEMBERED * sum(own.values()):
            return self
        begun = self.articles - self.recalled
        # What is still known must not count once more: a footer that was given up would look as if it were in use.
        names = (*[name for name, _ in blocks], *[name for name, _, _ in _edges(article, blocks)])
        counted = {name for name in names if name in self.traces and self.traces[name].first <= begun}
        return replace(self._with(article, blocks, counted), recalled=self.recalled + 1)

    def _with(self, article: Article, blocks: Sequence[tuple[str, Block]], counted: Iterable[str] = ()) -> "Memory":
        number = self.articles + 1
        traces = dict(self.traces)
        seen = set(counted)
        sightings = [
            (name, block.text, place < EDGE, place >= len(blocks) - EDGE, block.linked > 0.5)
            for place, (name, block) in enumerate(blocks)
        ]
        sentences = ((name, text, head, not head, False) for name, text, head in _edges(article, blocks))
        for name, text, head, tail, linked in (*sightings, *sentences):
            if name not in seen:
                seen.add(name)
                _, figures = _named_by(text, article.title)
                old = traces.get(name) or Trace(first=number, figures=figures)
                traces[name] = Trace(
                    seen=old.seen + 1,
                    head=old.head + head,
                    tail=old.tail + tail,
                    linked=old.linked + linked,
                    first=old.first,
                    last=number,
                    figures=figures,
                    changed=old.changed + (figures != old.figures),
                )
        if len(traces) > 2 * _CAPACITY:
            traces = _dearest(traces)
        return replace(self, articles=number, traces=traces, recent=(*self.recent, _mark(article))[-_RECENT:])

    def forget(self) -> "Memory":
        """Return the memory without what has not been seen for long, single sightings first."""
        kept = {
            name: trace
            for name, trace in self.traces.items()
            if self.articles - trace.last <= (_FORGET if trace.seen > 1 else _FORGET_SINGLE)
        }
        return replace(self, traces=_dearest(kept))

    def _knows(self, article: Article, blocks: Mapping[str, Block]) -> bool:
        """Whether it has learned from another version of this article, whatever its guid and its address.

        The address alone does not tell: some sources give all articles the same one, and some a new one each time.
        """
        if _mark(article) in self.recent:
            return True
        lengths = {name: len(block.text) for name, block in blocks.items()}
        names = (_address(article), article.id)
        if any(mark.startswith(names) for mark in self.recent):
            known = sum(length for name, length in lengths.items() if name in self.traces)
            return known >= _SAME_ADDRESS * sum(lengths.values())
        # What came back tells nothing of this article: its own stood in one other at most, and begins as that does.
        own = [name for name in blocks if self._sightings(name) < 2]
        paragraphs = {name: lengths[name] for name in own if _is_paragraph(blocks[name])}
        return bool(own) and own[0] in self.traces and self._is_told(paragraphs)

    def _is_told(self, paragraphs: Mapping[str, int]) -> bool:
        """Whether most of an article's own paragraphs, given with their lengths, stood together in one other."""
        known = {name: self.traces[name].last for name in paragraphs if name in self.traces}
        number, shared = next(iter(Counter(known.values()).most_common(1)), (0, 0))
        same = sum(paragraphs[name] for name, last in known.items() if last == number)
        return shared >= _PARAGRAPHS and same >= _SAME_TEXT * sum(paragraphs.values())

    def _sightings(self, name: str) -> int:
        return self.traces[name].seen if name in self.traces else 0

    def of(self, text: str, title: str = "") -> Trace:
        """Return what is known of a block's text; an empty trace if nothing is."""
        return self.traces.get(fingerprint(text, title), Trace())

    def share(self, trace: Trace) -> float:
        """Return the share of articles in which a block stood, of those from the first to the last that had it."""
        return trace.seen / (trace.last - trace.first + 1) if trace.seen else 0.0

    def to_bytes(self) -> bytes:
        """Return the memory as bytes for the store."""
        traces = {name: _numbers(trace) for name, trace in sorted(self.traces.items())}
        content = {
            "version": _VERSION,
            "articles": self.articles,
            "traces": traces,
            "recent": self.recent,
            "recalled": self.recalled,
        }
        return zlib.compress(json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, content: bytes | None) -> "Memory":
        """Return the memory that `to_bytes` wrote; an empty one for None or for another version's bytes."""
        try:
            data = json.loads(zlib.decompress(content or b""))
            if data["version"] != _VERSION:
                return cls()
            traces = {name: Trace(*numbers) for name, numbers in data["traces"].items()}
            return cls(data["articles"], traces, tuple(data["recent"]), data.get("recalled", 0))
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
            return cls()  # what can't be read is learned anew within a few articles


def _named(article: Article) -> list[tuple[str, Block]]:
    """Return an article's blocks, each with the name of its text."""
    return [(fingerprint(block.text, article.title), block) for block in Document(article.html).blocks]


def _edges(article: Article, blocks: Iterable[tuple[str, Block]]) -> list[tuple[str, str, bool]]:
    """Return the sentences at an article's edges, each with its name, and with whether it is at the head."""
    told = edges([block for _, block in blocks], article.title)
    return [(fingerprint(text, article.title), text, head) for text, head in told]


def _mark(article: Article) -> str:
    """Return what an article is known by: its address and its title, which outlive its guid."""
    return f"{_address(article)}:{_digest(fold(article.title))}"


def _address(article: Article) -> str:
    link = link_key(article.link)
    return _digest(link) if link else article.id


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _is_paragraph(block: Block) -> bool:
    return len(block.text) >= _PARAGRAPH and block.linked < 0.5


def _dearest(traces: Mapping[str, Trace]) -> dict[str, Trace]:
    """Return as many traces as a memory holds: of what came back, and then the latest."""
    newest = sorted(traces.items(), key=lambda item: (item[1].seen > 1, item[1].last), reverse=True)
    return dict(newest[:_CAPACITY])
