"""What the lists of the configuration may hold: sources, topics and boilerplate rules that can be of use."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from syndicate.cron import next_time
from syndicate.model import HouseRule, SourceSpec, TopicSpec

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
YEAR = 31_536_000
LANGUAGE = "expected a language tag, for example 'en' or 'pt-BR'"
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a schedule that comes at all comes after it


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("expected a number")
    return value


NUMBER = BeforeValidator(_number)  # true is 1 to pydantic, and a source was polled each second


def _with_a_number(values: object) -> object:
    if isinstance(values, dict) and isinstance(values.get("every"), bool):
        raise ValueError("every: expected a number of seconds")
    return values


def _usable_source(spec: SourceSpec) -> SourceSpec:
    """Refuse a source that could never be polled as it is declared."""
    usable_key(spec.key)
    if spec.kind == "folder" and not spec.location.strip():
        raise ValueError("location: expected the path of a folder: an empty one would be the folder one stands in")
    if spec.kind != "folder" and "@" in re.split(r"[/?#]", spec.location.partition("://")[2], maxsplit=1)[0]:
        raise ValueError("location: expected an address without user and password: it is shown in listings and reports")
    if spec.kind != "folder" and not re.match(r"(?i)https?://[^\s/]+", spec.location):
        raise ValueError(f"location {spec.location!r}: expected an http or https address")
    if spec.every is not None and not 1 <= spec.every <= YEAR:
        raise ValueError(f"every {spec.every}: expected 1 to {YEAR} seconds")
    if spec.cron:
        _usable_cron(spec.cron)
    _usable_pattern(spec.article_pattern)
    return spec


def _usable_topic(topic: TopicSpec) -> TopicSpec:
    usable_key(topic.key)
    return topic


def idle_rules(topic: TopicSpec) -> Iterator[str]:
    """What is wrong with a topic that can be read but won't work, each with what was expected."""
    words = {name: getattr(topic, name) for name in ("categories", "any_of", "all_of", "none_of")}
    ruled = bool(topic.sources or topic.categories or topic.any_of or topic.all_of)
    if topic.key == "all" and (ruled or topic.none_of):
        yield "it holds every article; expected no rule"
    elif topic.key != "all" and not ruled:
        yield "no rule; expected one of sources, categories, any_of, all_of"
    for name, phrases in words.items():
        for phrase in phrases:
            if all(unicodedata.category(sign)[0] in "PZC" for sign in phrase):
                yield f"{name}: {phrase!r} says nothing; expected a word, a number or a sign at least"


def _usable_rule(rule: HouseRule) -> HouseRule:
    usable_key(rule.key)
    if sum(map(str.isalnum, rule.text)) < 4 or rule.text.count("*") > 8:
        raise ValueError(f"text {rule.text[:60]!r}: expected a block's text, with at least 4 letters and at most 8 '*'")
    return rule


def usable_key(key: str) -> None:
    """Raise ValueError for a key that could not stand in addresses and file names as it is."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"key {key!r}: expected 1 to 64 of a-z, 0-9 and '-', not '-' at either end")


def _usable_cron(cron: str) -> None:
    try:
        reason = "" if next_time(cron, _ANY_DAY) else "there is no such day"
    except ValueError as error:
        reason = str(error)
    if reason:
        raise ValueError(f"cron {cron!r}: {reason}; expected five fields, for example '15 6 * * 1-5'")


def _usable_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        reason = f"article_pattern {pattern!r}: {error}; expected a regular expression, for example '/news/'"
        raise ValueError(reason) from None


Source = Annotated[SourceSpec, BeforeValidator(_with_a_number), AfterValidator(_usable_source)]
Topic = Annotated[TopicSpec, AfterValidator(_usable_topic)]
Rule = Annotated[HouseRule, AfterValidator(_usable_rule)]


def missing(spec: SourceSpec) -> str:
    """What a source needs that is not there (it may come later), or ""."""
    if spec.kind == "folder" and not Path(spec.location).is_dir():
        return f"location: {spec.location!r} is no folder; expected an existing one"
    return ""
