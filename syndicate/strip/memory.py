"""What is remembered of a source: which blocks come back, where in the articles they stand, and since when.

Time is counted in articles. A block that has not been seen for `_FORGET` articles is forgotten, so a source that
changes its looks is known again after a few articles.
"""

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter

from syndicate.model import Article
from syndicate.strip.blocks import Document
from syndicate.strip.words import bare, fold

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_URL = re.compile(r"https?://\S+|www\.\S+")
_TELLING = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_VERSION = 1
_KEPT = 2_000  # characters: longer texts are not kept for the next look
_COUNT, _COUNTED = 80, 0.4  # characters, and share of those that are no signs
_FORGET = 60
_FORGET_SINGLE = 30
_CAPACITY = 4_000
_RECENT = 500
EDGE = 8


def fingerprint(text: str, title: str = "") -> str:
    """Return the name of a block's text: the same for texts that differ in case, signs, numbers, addresses or title."""
    told = title if len(title) > 8 and title in text else ""
    return _name(text, told) if len(text) < _KEPT else _name.__wrapped__(text, told)


@lru_cache(maxsize=4_096)  # an article is learned from first, and then stripped
def _name(text: str, title: str) -> str:
    masked = _URL.sub("", text) if "http" in text or "www." in text else text
    masked, numbers = _NUMBER.subn("0", fold(masked.replace(title, "") if title else masked))
    masked = bare(masked)
    if not _TELLING.search(masked) or (numbers and _is_count(text)):
        masked = text  # nothing but an address, a number or the title: no two of these are the same
    return blake2b(masked.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _is_count(text: str) -> bool:
    """Whether its numbers are what a text says: a mark in a recording, a score, a row of a table."""
    digits = sum(map(str.isdigit, text)) if len(text) < _COUNT else 0
    return digits > _COUNTED * sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of one block: in how many articles it stood, how often at head or tail or as links, and when.

    `first` and `last` number the source's articles.
    """

    seen: int = 0
    head: int = 0
    tail: int = 0
    linked: int = 0
    first: int = 0
    last: int = 0


_numbers = attrgetter(*[each.name for each in fields(Trace)])


@dataclass(frozen=True, slots=True)
class Memory:
    """The stripper's memory of one source; a value: `learn` returns a new one.

    `articles` counts those learned from, `recent` holds the marks of the latest so that none counts twice.
    """

    articles: int = 0
    traces: Mapping[str, Trace] = field(default_factory=dict)
    recent: tuple[str, ...] = ()

    def learn(self, article: Article) -> "Memory":
        """Return a memory that also knows this article, given as it was before stripping."""
        mark = article.id
        if mark in self.recent:
            return self
        number = self.articles + 1
        traces = dict(self.traces)
        blocks = Document(article.html).blocks
        seen: set[str] = set()
        for place, block in enumerate(blocks):
            name = fingerprint(block.text, article.title)
            if name not in seen:
                seen.add(name)
                old = traces.get(name) or Trace(first=number)
                traces[name] = Trace(
                    seen=old.seen + 1,
                    head=old.head + (place < EDGE),
                    tail=old.tail + (place >= len(blocks) - EDGE),
                    linked=old.linked + (block.linked > 0.5),
                    first=old.first,
                    last=number,
                )
        return Memory(number, _fresh(traces, number), (*self.recent, mark)[-_RECENT:])

    def of(self, text: str, title: str = "") -> Trace:
        """Return what is known of a block's text; an empty trace if nothing is."""
        return self.traces.get(fingerprint(text, title), Trace())

    def share(self, trace: Trace) -> float:
        """Return the share of articles, since the block came up, in which it stood."""
        return trace.seen / (self.articles - trace.first + 1) if trace.seen else 0.0

    def to_bytes(self) -> bytes:
        """Return the memory as bytes for the store."""
        traces = {name: _numbers(trace) for name, trace in sorted(self.traces.items())}
        content = {"version": _VERSION, "articles": self.articles, "traces": traces, "recent": self.recent}
        return zlib.compress(json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, content: bytes | None) -> "Memory":
        """Return the memory that `to_bytes` wrote; an empty one for None or for another version's bytes."""
        try:
            data = json.loads(zlib.decompress(content or b""))
            if data["version"] != _VERSION:
                return cls()
            traces = {name: Trace(*numbers) for name, numbers in data["traces"].items()}
            return cls(data["articles"], traces, tuple(data["recent"]))
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
            return cls()  # what can't be read is learned anew within a few articles


def _fresh(traces: dict[str, Trace], number: int) -> dict[str, Trace]:
    """Forget what has not been seen for long, single sightings first."""
    if len(traces) <= _CAPACITY // 2 and number % 10:
        return traces
    kept = {
        name: trace
        for name, trace in traces.items()
        if number - trace.last <= (_FORGET if trace.seen > 1 else _FORGET_SINGLE)
    }
    newest = sorted(kept.items(), key=lambda item: (item[1].seen > 1, item[1].last), reverse=True)
    return dict(newest[:_CAPACITY])
