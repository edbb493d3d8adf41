"""Markdown's footnotes, which CommonMark does not know: `[^1]` in the text, and `[^1]: what it says` anywhere."""

import re
from itertools import chain

_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*(.*)")
_CODE_OR_MARK = re.compile(
    r"(?m:^ {0,3}(```|~~~)(?:.*\n)+? {0,3}\1)"  # a block of code
    r"|(`+)(?!`)(?s:.{1,500}?)(?<!`)\2(?!`)"  # code amid a line
    r"|\[\^(?P<name>[^\]\s]{1,60})\]"
)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def with_notes(markdown: str) -> str:
    """The text with raised numbers for its footnotes, which follow at its end as a list, in the order of their marks.

    A mark whose note is nowhere stays as it is.
    """
    text, notes = _parted(markdown) if "[^" in markdown else (markdown, {})
    if not notes:
        return markdown
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<sup>{numbers.setdefault(name, len(numbers) + 1)}</sup>" if name in notes else found[0]

    text = _CODE_OR_MARK.sub(numbered, text)
    for name in notes:
        numbers.setdefault(name, len(numbers) + 1)
    listed = (f"{number}. {' '.join(notes[name])}" for name, number in numbers.items())
    # A comment parts the list from one that ends the text.
    return "\n".join(chain((text.rstrip("\n"), "", "<!-- notes -->", ""), listed))


def _parted(markdown: str) -> tuple[str, dict[str, list[str]]]:
    """The text without its notes, and the lines of each note, by its name."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    note: list[str] | None = None  # the one that the next line may go on with
    fenced = broken = False
    for line in markdown.split("\n"):
        fenced ^= _FENCE.match(line) is not None
        begins = None if fenced else _NOTE.match(line)
        if begins:
            note = notes.setdefault(begins[1], [])
            note.append(begins[2])
        elif note is not None and line.strip() and (not broken or line.startswith(("    ", "\t"))):
            note.append(line.strip())
        else:
            note = None if line.strip() else note
            kept.append(line)
        broken = not line.strip()
    return "\n".join(kept), notes
