"""How commands read what they are given, and print: JSON for programs, tables for people."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from syndicate.cli.loading import load_settings
from syndicate.cli.saying import printable
from syndicate.errors import SyndicateError
from syndicate.settings import Settings, Trial

# Half a character, which UTF-8 can't hold, and what some terminals obey: JSON can escape both.
_ESCAPED = re.compile("[\x7f-\x9f\ud800-\udfff]")
Decorated = TypeVar("Decorated", bound=Callable[..., Any])

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")

Number = click.IntRange(1, 2**63 - 1)  # what databases take


def limit_option(default: int) -> Callable[[Decorated], Decorated]:
    """The option that says how much to list."""
    return click.option("--limit", type=Number, default=default, show_default=True, help="How many, newest first.")


def quiet_settings(trial: Trial | None = None) -> Settings:
    """The settings, for a command whose output is for people: only what is wrong is logged."""
    return load_settings(trial, quiet=True)


def contents(file: str | None, limit: int = -1) -> bytes:
    """Return what a file holds, or standard input; raises SyndicateError, also for more than `limit` bytes."""
    if file in (None, "-") and sys.stdin is None:
        raise SyndicateError("standard input can't be read: it is closed")
    name = "standard input" if file in (None, "-") else str(file)
    try:
        with nullcontext(sys.stdin.buffer) if file in (None, "-") else Path(name).open("rb") as opened:
            found = opened.read(limit + 1 if limit >= 0 else -1)
    except OSError as error:
        raise SyndicateError(f"{name}: can't be read: {error.strerror or error}") from error
    if 0 <= limit < len(found):
        raise SyndicateError(f"{name}: has more than {limit} bytes (fetch.decoded_bytes); nothing so large is read")
    return found


def print_json(value: Any) -> None:
    """Print a value as one line of JSON; values of ours, times and paths included."""
    text = json.dumps(value, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", default=_plain)
    click.echo(_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def summary_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under headings, as wide as the terminal, or unwrapped where there is none."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(_cell(value).replace("\n", " "))) for value in row))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(sorted(str(v) for v in value))
    return str(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")
