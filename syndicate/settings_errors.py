"""What is wrong with settings, in words that need no knowledge of the libraries that found it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from syndicate.model import SourceSpec, TopicSpec


def explain(
    error: ValidationError,
    settings: type[BaseModel],
    origin: Mapping[str, list[Path]],
    path: Path,
    environment: Mapping[str, str],
) -> Iterator[str]:
    """Give one line for every problem: file (or the environment), key, what was expected, what was found.

    `origin` says which file the items of each list came from; everything else came from `path`.
    """
    for detail in error.errors(include_url=False):
        location = (*detail["loc"], *detail.get("ctx", {}).get("place", ()))
        variable = "SYNDICATE_" + "_".join(str(part) for part in location[:2]).upper()
        first = f"SYNDICATE_{location[0]}".upper() if location else ""
        where: object = path
        if variable in environment or first in environment:
            where = "environment"
        elif len(location) > 1 and isinstance(location[1], int) and location[0] in origin:
            where = origin[str(location[0])][location[1]]
        key = ".".join(str(part) for part in location) or "configuration"
        yield f"{where}: {key}: {_message(detail, _names(settings, location[:-1]))}{_found(detail, location)}"


def _message(detail: ErrorDetails, names: Sequence[str]) -> str:
    """What is wrong and what was expected, in words that need no knowledge of pydantic."""
    if detail["type"] not in {"extra_forbidden", "unexpected_keyword_argument"}:
        return detail["msg"].removeprefix("Value error, ")
    close = get_close_matches(str(detail["loc"][-1]), names, n=1)
    return f"no such setting; expected {f'perhaps {close[0]!r}' if close else 'one of ' + ', '.join(names)}"


def _names(settings: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """The names of the settings that may stand in this place."""
    if not place:
        return sorted((*settings.model_fields, "include"))
    if len(place) == 2:
        return sorted(field.name for field in fields(SourceSpec if place[0] == "sources" else TopicSpec))
    kind = settings.model_fields[str(place[0])].annotation
    return sorted(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _found(detail: ErrorDetails, location: tuple[int | str, ...]) -> str:
    """What was found instead; never a secret, and nothing where the message says it already."""
    said = detail["type"] in {"missing", "misplaced"} or isinstance(detail["input"], dict | SourceSpec | TopicSpec)
    secret = bool({"admin_token", "database_url", "redis_url"} & set(location))
    return "" if said or secret else f" (found {str(detail['input'])[:60]!r})"


def said(detail: ErrorDetails) -> str:
    """One problem with what a person typed: which word, and what was expected."""
    place = ".".join(map(str, detail["loc"]))
    message = detail["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
