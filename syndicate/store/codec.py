"""How values become columns and come back: documents as JSON, payloads compressed, links hashed."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import zstandard
from pydantic import TypeAdapter

from syndicate.model import Article, SourceSpec, TopicSpec
from syndicate.normalize.urls import link_key

_ARTICLE = TypeAdapter(Article)
_SPEC = TypeAdapter(SourceSpec)
_TOPIC = TypeAdapter(TopicSpec)
_TIMES = TypeAdapter(tuple[datetime, ...])
_SPEC_FIELDS = {field.name for field in fields(SourceSpec)}
_TOPIC_FIELDS = {field.name for field in fields(TopicSpec)}

_LEVEL = 3  # zstd's default: 5 to 8 times smaller feeds at some 200 MB/s
_LARGEST = 256 * 1024 * 1024  # bytes that one stored payload may unfold to; what fetch lets in is far smaller


def dump_article(article: Article) -> str:
    """The article as JSON, without what has its default; raises ValueError for text that is not Unicode."""
    return _ARTICLE.dump_json(article, exclude_defaults=True).decode()


def load_article(document: str) -> Article:
    """The article that was dumped; fields of later versions have their default, dropped ones are ignored."""
    article = _ARTICLE.validate_json(document)
    return replace(article, published=_utc(article.published), updated=_utc(article.updated))


def _utc(moment: datetime | None) -> datetime | None:
    """The same moment in Python's own UTC; pydantic's zone is a class that the sandbox won't let through."""
    return moment and moment.astimezone(UTC)


def dump_spec(spec: SourceSpec) -> str:
    """The declaration as JSON, equal for equal declarations."""
    return _SPEC.dump_json(spec, exclude_defaults=True).decode()


def load_spec(text: str) -> SourceSpec:
    """The declaration that was dumped."""
    return SourceSpec(**{name: value for name, value in json.loads(text).items() if name in _SPEC_FIELDS})


def dump_topic(topic: TopicSpec) -> str:
    """The topic as JSON, equal for equal topics."""
    return _TOPIC.dump_json(topic, exclude_defaults=True).decode()


@lru_cache(maxsize=1_024)  # all that there may be are read again every few seconds
def load_topic(text: str) -> TopicSpec:
    """The topic that was dumped; a field that a later version has added is left out."""
    return _TOPIC.validate_python({name: v for name, v in json.loads(text).items() if name in _TOPIC_FIELDS})


def dump_times(times: tuple[datetime, ...]) -> str:
    """Times as a JSON list."""
    return _TIMES.dump_json(times).decode()


def load_times(text: str) -> tuple[datetime, ...]:
    """The times that were dumped."""
    return _TIMES.validate_json(text)


def dump_json(value: Any) -> str:
    """Plain data as JSON; what JSON does not know (a time, a path) becomes its text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def compress(body: bytes) -> bytes:
    """The bytes as one zstd frame."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def decompress(stored: bytes) -> bytes:
    """The bytes that were compressed."""
    return zstandard.ZstdDecompressor().decompress(stored, max_output_size=_LARGEST)


@lru_cache(maxsize=4_096)  # planning, looking for twins and writing ask for the same links
def link_hash(link: str) -> int:
    """A signed 64-bit number, the same for all spellings of one address (see `link_key`); 0 for none.

    Indexed instead of the link, because PostgreSQL refuses to index texts of more than 2,700 bytes.
    """
    key = link_key(link)
    if not key:
        return 0
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
