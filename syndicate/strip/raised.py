"""Raised and lowered digits, which plain text has signs for: "10" with a raised 2 is no "102"."""

from collections.abc import Iterable
from typing import Protocol

from lxml.html import HtmlElement

_SIGNS = {
    "sup": str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾"),
    "sub": str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎"),
}
_DIGITS = frozenset("0123456789")
_NUMBER = _DIGITS | frozenset("+-−()")


class _Piece(Protocol):
    node: HtmlElement
    tail: bool
    text: str
    link: HtmlElement | None


def spelled(pieces: Iterable[_Piece]) -> str:
    """The text of these pieces, with signs of the same length for digits that would run on.

    Only numbers behind a digit, and no links: those lead to footnotes.
    """
    parts, last = [], ""
    for piece in pieces:
        text = piece.text
        if piece.node.tag in _SIGNS and not piece.tail and last in _DIGITS and piece.link is None:
            text = text.translate(_SIGNS[piece.node.tag]) if _NUMBER.issuperset(text) else text
        parts.append(text)
        last = piece.text[-1:] or last
    return "".join(parts)
