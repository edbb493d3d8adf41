"""Marks that a site's software should have filled in, and did not: WordPress's shortcodes, Hugo's and Jekyll's tags.

Their brackets go, and what stands between two of them stays. Who writes about them does so amid a line, or in code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

_TOKEN = re.compile(
    r"<(?P<end>/?)(?:pre|code|script|style|textarea)\b"
    r"|(?P<template>\{\{(?:%|<|&lt;)[^{}\n]{0,500}\}\}|\{%[^{}\n]{0,500}%\})"
    r"|\[(?P<player>audio|video|youtube|vimeo|soundcloud|dailymotion|embed)"
    r"(?:\s*[:=]\s*|\s+|\]|\s[^\[\]<>]{0,300}?\b(?:src|url|mp3|m4a|mp4|webm)=)"
    r"(?:[\"'“”″]|&(?:quot|#82\d\d);)?(?P<address>https?://(?:(?!&(?:quot|#82\d\d);)[^\s\"'“”″<>\[\]|])+)"
    r"(?:[^\[\]<>]{0,500}\])?(?:\[/(?P=player)\])?"
    r"|\[(?P<close>/?)(?P<name>[a-z][a-z0-9_-]{1,40})(?P<told>\s[^\[\]<>]{0,1000})?/?\]"
)
_SOUND = re.compile(r"\.(?:mp3|m4a|aac|ogg|oga|wav|opus|flac)(?:[?#]|$)", re.IGNORECASE)
_FILM = re.compile(r"\.(?:mp4|m4v|webm|ogv|mov)(?:[?#]|$)", re.IGNORECASE)
_PICTURE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
_EMPTY = re.compile(r"<p>[ \t\n]*</p>")
_CAPTION = frozenset({"caption", "wp_caption"})
_LONGEST = 10_000  # characters of a picture with its caption
_NEAR = 60  # characters that are looked at before and behind a mark


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark; `telling` says that it is none of the words that people put in brackets; `player` is what it shows."""

    start: int
    end: int
    name: str
    closes: bool = False
    telling: bool = False
    player: str = ""


def filled(markup: str) -> str:
    """The markup without such marks; a picture between those of a caption becomes a figure with it."""
    if "[" not in markup and "{" not in markup:
        return markup
    edits: list[tuple[int, int, str]] = []
    opened: dict[str, list[_Mark]] = {}
    alone: list[_Mark] = []
    for mark in _marks(markup):
        if mark.player:
            if _begins(markup, mark) or _ends(markup, mark):
                edits.append((mark.start, mark.end, mark.player))
        elif not mark.closes:
            opened.setdefault(mark.name, []).append(mark)
        elif opened.get(mark.name):
            opening = opened[mark.name].pop()
            if _begins(markup, opening) or _ends(markup, mark):
                edits += _parted(markup, opening, mark)
        else:
            alone.append(mark)
    for mark in chain(alone, *opened.values()):
        if mark.telling and _begins(markup, mark) and _ends(markup, mark):
            edits.append((mark.start, mark.end, ""))
    return _edited(markup, sorted(edits)) if edits else markup


def _marks(markup: str) -> Iterator[_Mark]:
    """The marks that do not stand in code, in their order."""
    depth = 0
    for found in _TOKEN.finditer(markup):
        name, told = found["name"] or "", found["told"] or ""
        if found["end"] is not None:
            depth = max(0, depth - 1) if found["end"] else depth + 1
        elif found["player"] and not depth:
            yield _Mark(found.start(), found.end(), found["player"], player=_player(found["address"]))
        elif not depth:
            telling = not name or "=" in told or "_" in name
            yield _Mark(found.start(), found.end(), name, bool(found["close"]), telling)


def _player(address: str) -> str:
    """What a mark that names an address shows: a recording, a film, or the frame of a site that plays it."""
    tag = "audio" if _SOUND.search(address) else "video" if _FILM.search(address) else ""
    return f'<{tag} controls src="{address}"></{tag}>' if tag else f'<iframe src="{address}"></iframe>'


def _begins(markup: str, mark: _Mark) -> bool:
    """Whether nothing but a tag, or another mark, stands right before one."""
    before = markup[max(0, mark.start - _NEAR) : mark.start].rstrip()
    return not before or before.endswith((">", "]", "}"))


def _ends(markup: str, mark: _Mark) -> bool:
    after = markup[mark.end : mark.end + _NEAR].lstrip()
    return not after or after.startswith(("<", "[", "{"))


def _parted(markup: str, opening: _Mark, closing: _Mark) -> Iterator[tuple[int, int, str]]:
    """What becomes of two marks and the place between them: start, end and what stands there instead."""
    captioned = opening.name in _CAPTION and closing.start - opening.end < _LONGEST
    picture = _PICTURE.fullmatch(markup, opening.end, closing.start) if captioned else None
    start, end, first, last = opening.start, closing.end, "", ""
    if picture:
        first, last = "<figure>", "</figure>"
        if markup.endswith("<p>", 0, start) and markup.startswith("</p>", end):
            start, end = start - len("<p>"), end + len("</p>")
    yield start, opening.end, first
    if picture and picture[2].strip():
        yield picture.end(1), picture.end(1), "<figcaption>"
        last = "</figcaption></figure>"
    yield closing.start, end, last


def _edited(markup: str, edits: list[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, instead in edits:
        pieces += markup[at:start], instead
        at = end
    return _EMPTY.sub("", "".join((*pieces, markup[at:])))
