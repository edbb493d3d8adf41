"""How commands say something to people: nothing that a source wrote may move their cursor or rename their window."""

import re
from typing import Any

import click

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def say(text: str = "", *, err: bool = False, **style: Any) -> None:
    """Print text of whatever origin; `style` is click's (bold, fg)."""
    click.secho(printable(text), err=err, **style)


def told(where: str, reason: str) -> str:
    """What failed and why; a reason that begins with the former says it already."""
    return reason if reason.startswith(where) else f"{where}: {reason}"


def printable(text: str) -> str:
    """The text with U+FFFD for what a terminal would obey: control characters, and marks that turn the text around."""
    return _CONTROL.sub("\ufffd", text)
