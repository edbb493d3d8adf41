"""Footnotes: what begins with a mark that the text above bears is the text's own, however it sounds."""

import re

from syndicate.strip.verdicts import Judged

_NOTE = re.compile(r"(?:\[(\d{1,3})\]|(\d{1,3})[.):]?(?=\s)|([*†‡]{1,3}))\s*(?=[^\W\d])")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LOUD = 2.0  # log odds: what sounds so is no note


def mark(judged: list[Judged]) -> None:
    """Note the footnotes: each begins with a mark that stands behind a word above. What a rule describes is none."""
    for at, item in enumerate(judged):
        begun = _NOTE.match(item.block.raw.strip().translate(_RAISED)) if _may_be_note(item) else None
        if begun:
            sign = re.escape(next(filter(None, begun.groups())))
            bears = re.compile(rf"\[{sign}\]|(?:[^\W\d_]|[^\W\d_][.,;:!?\"”’»)]){sign}(?![\w*])")
            item.fact = any(_bears(above, bears) for above in judged[:at])


def _may_be_note(item: Judged) -> bool:
    return not (item.fact or item.rules) and item.loudness <= _LOUD and not item.block.text[0].isalpha()


def _bears(above: Judged, mark: re.Pattern[str]) -> bool:
    found = mark.search(above.block.raw.translate(_RAISED))
    return found is not None and not above.fact
