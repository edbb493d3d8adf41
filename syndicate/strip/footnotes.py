"""Footnotes: what begins with a mark that the text above bears is the text's own, however it sounds."""

import re

from syndicate.strip.verdicts import Judged

_NOTE = re.compile(r"(?:\[(\d{1,3})\]|(\d{1,3})[.):]?(?=\s)|([*†‡]{1,3}))\s*(?=[^\W\d])")
_BORNE = re.compile(r"\[(\d{1,3}|[*†‡]{1,3})\]|(?:[^\W\d_]|[^\W\d_][.,;:!?\"”’»)])(\d{1,3}|[*†‡]{1,3})(?![\w*])")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LOUD = 2.0  # log odds: what sounds so is no note


def mark(judged: list[Judged]) -> None:
    """Note the footnotes: each begins with a mark that stands behind a word above. What a rule describes is none."""
    begun = [_begun(item) if _may_be_note(item) else "" for item in judged]
    last = max((at for at, sign in enumerate(begun) if sign), default=0)  # few articles have any: the rest is not read
    borne: set[str] = set()
    for item, sign in zip(judged[: last + 1] if last else (), begun, strict=False):
        item.fact = item.fact or sign in borne
        if not item.fact:
            borne.update(found[found.lastindex or 0] for found in _BORNE.finditer(item.block.raw.translate(_RAISED)))


def _begun(item: Judged) -> str:
    """Return the mark that a block begins with, "" where it begins with none."""
    found = _NOTE.match(item.block.raw.strip().translate(_RAISED))
    return found[found.lastindex or 0] if found else ""


def _may_be_note(item: Judged) -> bool:
    return not (item.fact or item.rules) and item.loudness <= _LOUD and not item.block.text[0].isalpha()
