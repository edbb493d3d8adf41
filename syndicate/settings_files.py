"""Configuration files: TOML with includes, in; plain values and where each came from, out. And where data may lie."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from syndicate.errors import ConfigurationError

LISTS = ("sources", "topics", "boilerplate")

Values = dict[str, Any]
Files = dict[str, list[Path]]  # of each list, the file of every item


def _outside_the_package(folder: Path) -> Path:
    """Refuse to keep data where the next installation deletes them."""
    package = Path(__file__).parent
    if Path(os.path.realpath(folder)).is_relative_to(package):
        raise ValueError(f"expected a folder outside of the program's own, {package}")
    return folder


DataDir = Annotated[Path, AfterValidator(_outside_the_package)]


def read_files(path: Path) -> tuple[Values, Files]:
    """Read the main file and what it includes; says for each list which file its items came from.

    Raises ConfigurationError for a file that can't be read, or that holds what no such file may hold.
    """
    values = _toml(path)
    files: Files = {name: [path] * len(values.get(name, ())) for name in LISTS}
    for extra in _included(path, values.pop("include", [])):
        found = _toml(extra)
        for name, items in found.items():
            if name not in LISTS:
                raise ConfigurationError(
                    (f"{extra}: {name}: only [[sources]], [[topics]] and [[boilerplate]] are read from included files",)
                )
            values.setdefault(name, []).extend(items)
            files[name] += [extra] * len(items)
    return values, files


def idle_includes(path: Path) -> tuple[str, ...]:
    """Say which patterns of the main file match no file: a line each. The service starts without such files."""
    patterns = _toml(path).get("include", [])
    return tuple(
        f"{path}: include: {pattern!r} matches no file beside it; expected one at least"
        for pattern in patterns
        if not _included(path, [pattern])
    )


def _included(path: Path, patterns: object) -> list[Path]:
    """The files that the main file includes: by name, which must exist, or by pattern, in the order of their names."""
    expected = "expected a list of file names beside this file, for example ['sources.toml', 'sources.d/*.toml']"
    if not isinstance(patterns, list):
        raise ConfigurationError((f"{path}: include: found {patterns!r}; {expected}",))
    included: list[Path] = []
    for pattern in patterns:
        try:
            found = sorted(file for file in path.parent.glob(pattern) if file.is_file())
        except (TypeError, ValueError, IndexError, NotImplementedError):  # pathlib's words for what is no pattern
            raise ConfigurationError((f"{path}: include: found {pattern!r}; {expected}",)) from None
        if not found and not any(mark in pattern for mark in "*?["):
            raise ConfigurationError((f"{path}: include: {pattern!r} not found beside it; expected an existing file",))
        included += found
    return included


def _toml(path: Path) -> Values:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin with a byte order mark
    except FileNotFoundError:
        raise ConfigurationError(
            (f"{path}: not found; expected the configuration file (SYNDICATE_CONFIG names it)",)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError((f"{path}: can't be read: {error}; expected a UTF-8 text file",)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError((f"{path}: not valid TOML: {error}",)) from error
    for name in LISTS:
        if name in values and not isinstance(values[name], list):
            raise ConfigurationError((f"{path}: {name}: found {str(values[name])[:60]!r}; expected [[{name}]] tables",))
    _anchor_folders(values, path)
    return values


def _anchor_folders(values: Mapping[str, Any], path: Path) -> None:
    """The relative path of a folder source starts at the file that declares it."""
    for source in values.get("sources", ()):
        if isinstance(source, dict) and source.get("kind") == "folder":
            location = source.get("location")
            if isinstance(location, str) and location.strip() and "\0" not in location:  # these are refused elsewhere
                source["location"] = str((path.parent / location).resolve())
