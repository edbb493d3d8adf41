"""What is wrong with settings, in words that need no knowledge of the libraries that found it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from syndicate.model import HouseRule, SourceSpec, TopicSpec

Place = tuple[int | str, ...]  # of a setting: names, and positions in lists

Spec = SourceSpec | TopicSpec | HouseRule

# What each list of the configuration holds.
SPECS: dict[str, type[Spec]] = {"sources": SourceSpec, "topics": TopicSpec, "boilerplate": HouseRule}

STORABLE = "expected no NUL character, and UTF-8"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # bytes that are not UTF-8 arrive as the latter

# pydantic's words for a name that no setting has.
_UNKNOWN = {"extra_forbidden", "unexpected_keyword_argument"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where settings came from: the main file, the file of each list's items, and the environment."""

    path: Path
    lists: Mapping[str, list[Path]]
    environment: Mapping[str, str]

    def line(self, place: Place, message: str) -> str:
        """What is wrong with one setting: file (or the environment), key, what was expected."""
        key = ".".join(map(str, place)) or "configuration"
        return f"{self._whereabouts(place)}: {key}: {message}"

    def _whereabouts(self, place: Place) -> object:
        variable = "SYNDICATE_" + "_".join(map(str, place[:2])).upper()
        first = f"SYNDICATE_{place[0]}".upper() if place else ""
        if variable in self.environment or first in self.environment:
            return "environment"
        if len(place) > 1 and isinstance(place[1], int) and place[0] in self.lists:
            return self.lists[str(place[0])][place[1]]
        return self.path


def misplaced(reason: str, *place: int | str) -> PydanticCustomError:
    """An error about one item of a list or section, which pydantic itself could only report for the whole of it."""
    return PydanticCustomError("misplaced", "{reason}", {"reason": reason, "place": place})


def unstorable(value: object, place: Place = ()) -> Iterator[Place]:
    """Where characters stand that TOML, JSON or a command line can give, and no path, address or database can hold."""
    if isinstance(value, str) and _UNSTORABLE.search(value):
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for name, item in inner:
        yield from unstorable(item, (*place, name))


def explain(error: ValidationError, settings: type[BaseModel], origin: Origin) -> Iterator[str]:
    """Give one line for every problem: where, key, what was expected, what was found."""
    for detail in error.errors(include_url=False):
        place = (*detail["loc"], *detail.get("ctx", {}).get("place", ()))
        names = _names(settings, place[:-1]) if detail["type"] in _UNKNOWN else ()
        yield origin.line(place, f"{_message(detail, names)}{_found(detail, place)}")


def not_json(environment: Mapping[str, str]) -> Iterator[str]:
    """Give one line for every variable that holds a list, and can't be read."""
    for name, value in environment.items():
        key = name.lower().removeprefix("syndicate_")
        if name.upper().startswith("SYNDICATE_") and key in SPECS:
            try:
                json.loads(value)
            except ValueError as error:
                names = ", ".join(f'"{field.name}": ...' for field in fields(SPECS[key])[:2])
                yield f"environment: {name}: not valid JSON: {error}; expected a list, for example [{{{names}}}]"


def said(detail: ErrorDetails, spec: type[Spec] = SourceSpec) -> str:
    """One problem with a source (or what else `spec` is) that a person typed: which word, and what was expected."""
    place = ".".join(map(str, detail["loc"]))
    message = _message(detail, _keys(spec))
    return f"{place}: {message}" if place else message


def _message(detail: ErrorDetails, names: Sequence[str]) -> str:
    """What is wrong and what was expected, in words that need no knowledge of pydantic."""
    if detail["type"] not in _UNKNOWN:
        return detail["msg"].removeprefix("Value error, ")
    close = get_close_matches(str(detail["loc"][-1]), names, n=1)
    return f"no such setting; expected {f'perhaps {close[0]!r}' if close else 'one of ' + ', '.join(names)}"


def _names(settings: type[BaseModel], place: Place) -> list[str]:
    """The names of the settings that may stand in this place."""
    if not place:
        return sorted((*settings.model_fields, "include"))
    if len(place) == 2:
        return _keys(SPECS[str(place[0])])
    kind = settings.model_fields[str(place[0])].annotation
    return sorted(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _keys(spec: type[Spec]) -> list[str]:
    return sorted(field.name for field in fields(spec))


def _found(detail: ErrorDetails, place: Place) -> str:
    """What was found instead; never a secret, and nothing where the message says it already."""
    told = detail["type"] in {"missing", "misplaced"} or isinstance(detail["input"], dict | Spec)
    secret = bool({"admin_token", "database_url", "redis_url"} & set(place))
    return "" if told or secret else f" (found {str(detail['input'])[:60]!r})"
