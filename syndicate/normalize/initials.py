"""A first letter that was set large, and that a program parted from its word, joins it again."""

import re
from dataclasses import replace

from syndicate.normalize.shape import Block

_INITIAL = re.compile(r"(?P<letter>[^\W\d_])(?: (?P<rest>[^\W\d_]+(?!\w).*))?", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_TOP = 6  # blocks among which an article begins


def with_initial(found: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks of a text, the first letter of which stands with the rest of its word.

    "T HE council", or "T" above "he council": the word has to stand elsewhere in the text, and one of its halves has
    to be none ("A way").
    """
    for at, block in enumerate(found[:_TOP]):
        initial = _INITIAL.fullmatch(block.text) if block.kind == "p" else None
        if initial is None or not initial["letter"].isupper():
            continue
        end = at + 1 if initial["rest"] else at + 2
        rest = initial["rest"] or " ".join(one.text for one in found[at + 1 : end])
        first = _WORD.match(rest)
        if first is None or (initial["rest"] and not first[0].isupper()):
            return found
        others = " ".join([rest[first.end() :], *(one.text for one in (*found[:at], *found[end:]))])
        words = set(_WORD.findall(others.casefold()))
        letter, word = initial["letter"].casefold(), first[0].casefold()
        if letter + word in words and not {letter, word} <= words:
            return (*found[:at], replace(block, lines=(initial["letter"] + rest,)), *found[end:])
        return found
    return found
