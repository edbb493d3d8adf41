"""Which of an entry's texts is the article, and whether it is only a teaser."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from syndicate.model import BodyKind
from syndicate.text import escaped_twice, is_mislabelled, legal, plain, resolved, squeeze

# The end of a text that goes on elsewhere; the words for it are those of common feed generators.
_TEASER_END = re.compile(
    r"(?:\[(?:…|\.\.\.|&hellip;|&#8230;)\]|(?:…|\.\.\.)\s*(?:→|»|>>)?|"
    r"(?:continue reading|read (?:more|the rest|the full (?:story|article))|read on|keep reading|full story|"
    r"weiterlesen|mehr lesen|lire la suite|en savoir plus|seguir leyendo|leer más|continua a leggere|leggi tutto|"
    r"continuar lendo|leia mais|lees verder|läs mer|czytaj dalej|czytaj więcej|читать далее|читати далі|続きを読む)"
    r"[^.!?]{0,120})\W*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:…。．！？؟۔।॥။།።៕]\W*$")
SHORT = 500  # characters; agencies' shortest complete reports are longer, teasers rarely are


@dataclass(frozen=True, slots=True)
class Body:
    """The chosen text; `from_content` says that the source gave it as content, not as a summary.

    `words` is what a reader would see of it, on one line.
    """

    text: str = ""
    kind: BodyKind = "html"
    from_content: bool = False
    words: str = ""


def choose_body(candidates: Iterable[tuple[str, str, bool]]) -> Body:
    """The fullest of (value, media type, given as content); markup wins where two say the same."""
    best, best_weight = Body(), -1.0
    for value, media_type, from_content in candidates:
        kind = body_kind(value, media_type)
        text, words = (value, plain(value)) if kind == "html" else (resolved(value), squeeze(resolved(value)))
        weight = len(words) * (1.1 if kind == "html" and "<" in value else 1.0) + (5 if from_content else 0)
        if kind == "html" and ("<img" in value or "<iframe" in value):
            weight += 10
        if weight > best_weight:
            best, best_weight = Body(legal(text), kind, from_content, words), weight
    return best


def body_kind(value: str, media_type: str) -> BodyKind:
    """Plain text only where that was declared, and is no markup under a wrong label."""
    declared = media_type.partition(";")[0].strip().lower() in {"text/plain", "text"}
    return "text" if declared and not is_mislabelled(value) and not escaped_twice(value) else "html"


def is_teaser(body: Body) -> bool:
    """Whether the source held the article back: a short summary, or one that breaks off or goes on elsewhere."""
    text = body.words
    if not text:
        return True
    if len(text) >= 3 * SHORT:
        return False
    if _TEASER_END.search(text[-160:]):
        return True
    return not body.from_content and (len(text) < SHORT or not _SENTENCE_END.search(text))
