"""Lines of a plain text that a program wrapped become paragraphs again; those that somebody typed stay lines."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from syndicate.text import squeeze

_NARROW, _WIDE = 40, 100  # columns: no program wraps at less, or more
_COLUMN, _LINES = 28, 8  # columns of a newspaper's column, and lines that prove one
_SCANNED = 4  # lines that go on behind a blank one, and prove that it parts nothing
_OPENING = " \t>\"'“„«‘‚(["  # signs before the first word of a line
_STOPS = tuple(".!?…:;。！？।؟۔")  # signs behind the last word of a sentence
_CLOSING = "\"'”’»)]」』）"  # signs behind those
_HYPHENS = "-\u2010\u00ad"
_WORD = re.compile(r"\w+(?:-\w+)*")
_MAY_BE_WIDE = re.compile(r"[^\x00-\u0377\u0400-\u052f\u2010-\u2027\u2030-\u205e]")  # no Latin, Cyrillic, quotes
# What follows the first half of "two- to three-year" and the like in one of the languages that write so.
_BESIDE = frozenset(
    {"and", "bis", "eller", "en", "et", "och", "oder", "of", "og", "or", "ou", "sowie", "to", "und", "y"}
)
_SELDOM = 20  # lines of which one at least ends in a broken word where words are broken
_EARLY = 12  # columns before its limit at which a program may wrap
_ROOM = 3  # columns that the last line of a paragraph has to spare
_EARLY_IN_WIDE = 4  # the same where it may wrap behind any sign, but for a few that begin no line
_NEARLY_ALL = 0.7  # of the lines of a paragraph that a program wrapped
_PARAGRAPH = 3  # lines: fewer don't show a width of their own


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a text was wrapped: the width, 0 if it was not; its words; whether some of them were broken at line ends."""

    width: int
    words: frozenset[str]
    breaks: bool


def wrapping(lines: list[str]) -> Wrapping:
    """Tell how a text was wrapped.

    Typesetters break words at line ends, mail programs at most what has a hyphen anyway: most of such words stand
    within lines then.
    """
    torn = [at for at, pair in enumerate(pairwise(lines)) if _is_torn(*pair)]
    words = frozenset(_WORD.findall(_without_torn(lines, torn).casefold())) if torn else frozenset[str]()
    compounds = sum("-" in word for word in words)
    breaks = len(torn) > 1 and 2 * len(torn) > compounds and _SELDOM * len(torn) >= sum(map(bool, lines))
    return Wrapping(_width(lines), words, breaks)


def _is_torn(line: str, following: str) -> bool:
    """Whether a word may be broken between two lines."""
    return line[-1:] in tuple(_HYPHENS) and line[-2:-1].isalpha() and following.lstrip(" \t>")[:1].isalpha()


def _without_torn(lines: list[str], torn: list[int]) -> str:
    """The text without the words that may be broken behind these lines."""
    left = list(lines)
    for at in torn:
        left[at] = " ".join(left[at].split()[:-1])
        left[at + 1] = " ".join(left[at + 1].lstrip(" \t>").split()[1:])
    return "\n".join(left)


def _width(lines: list[str]) -> int:
    """The width at which a whole text was wrapped, by an e-mail program for one; 0 when it was not.

    Verse, results and notices have lines of like length, too: of lines that were wrapped, a third at least go on.
    """
    pairs = [pair for pair in pairwise(lines) if all(pair)]
    on = [pair for pair in pairs if _goes_on(*pair)]
    if not on:
        return 0
    lengths = [_columns(line) for line in lines if line.strip()]
    most = _shared_width(on)
    width = max((length for length in lengths if length <= most), default=0)
    full = [pair for pair in pairs if is_full(*pair, width)]
    wider = sum(length > _WIDE for length in lengths)
    if wider * 50 > len(lengths) and wider >= len(full):
        return 0
    # Where letters know no case any line without a stop seems to go on: there, nearly all of those have to be full.
    dense = [pair for pair in on if _is_unspaced(_first_word(pair[1])[0])]
    if sum(is_full(*pair, width) for pair in dense) < _NEARLY_ALL * len(dense):
        return 0
    if width < _NARROW and not _is_column(pairs, width):
        return 0
    return width if 3 * sum(_goes_on(*pair) for pair in full) >= len(full) else 0


def _shared_width(on: list[tuple[str, str]]) -> int:
    """The most that a wrapped line may have: a little more than the width that most lines were wrapped at, if any.

    `on` are the lines that go on, each with the next. An address, a headline or a footer may be wider than that; where
    lines share no width the widest shows it.
    """
    widths = Counter(
        width
        for line, following in on
        for width in range(_columns(line), min(_columns(line) + _columns(_first_word(following)), _WIDE) + 1)
    )
    width, shared = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    return min(width + _margin(width), _WIDE) if width >= _COLUMN and shared > 1 and 2 * shared >= len(on) else _WIDE


def _is_column(pairs: list[tuple[str, str]], width: int) -> bool:
    """Whether a text was set in a narrow column: many lines go on in a small letter, and most of those are full.

    Verse is as narrow, and may go on, but each line ends where it has to.
    """
    small = [pair for pair in pairs if pair[1].lstrip(_OPENING)[:1].islower()]
    full = sum(is_full(*pair, width) for pair in pairs)
    exact = sum(is_full(*pair, width, early=0) for pair in small)
    return width >= _COLUMN and exact >= _LINES and exact >= _NEARLY_ALL * len(small) and 2 * len(small) >= full


def closed_up(lines: list[str]) -> list[str]:
    """The lines without the blank one that a program has put behind each of them, as those do that read scans.

    Most of them go on in the next line, and were full; what has more than one blank line behind it ends a paragraph.
    """
    if any(all(pair) for pair in pairwise(lines)):
        return lines
    closed = [line for above, line in pairwise(["", *lines]) if line or not above]
    pairs = [pair for pair in pairwise(closed) if all(pair)]
    on = [pair for pair in pairs if not _is_ended(pair[0]) and pair[1].lstrip(_OPENING)[:1].islower()]
    width = _width(closed) if len(on) >= _SCANNED and 3 * len(on) >= len(pairs) else 0
    return closed if width and sum(is_full(*pair, width) for pair in on) >= _NEARLY_ALL * len(on) else lines


def paragraphs(group: list[str], wrap: Wrapping) -> list[str]:
    """The lines as paragraphs: one where they were wrapped, else each its own."""
    parts = list(_indented(group))
    if len(parts) > 1:
        return [line for part in parts for line in paragraphs(part, wrap)]
    found: list[str] = []
    for run in _runs(group, wrap.width):
        wrapped = len(run) > 1 and _is_wrapped(run, wrap.width)
        found.extend(joined(lines, wrap) for lines in ([run] if wrapped else _unbroken(run)))
    return found


def _unbroken(lines: list[str]) -> Iterator[list[str]]:
    """Lines that were not wrapped; a soft hyphen at the end of one is a word that goes on in the next all the same."""
    start = 0
    for end, line in enumerate(lines, 1):
        if end == len(lines) or line[-1] != "\u00ad":
            yield lines[start:end]
            start = end


def _indented(group: list[str]) -> Iterator[list[str]]:
    """Part lines where paragraphs are marked by their first line: some are indented, and none of those goes on."""
    starts = [place for place, line in enumerate(group) if line[0].isspace()]
    goes_on = any(_goes_on(group[place - 1], group[place]) for place in starts if place)
    if goes_on or not 1 < len(starts) < len(group):
        starts = []
    for start, end in pairwise((0, *(place for place in starts if place), len(group))):
        yield group[start:end]


def _runs(group: list[str], width: int) -> Iterator[list[str]]:
    """Part wrapped lines where a paragraph ended, though none is blank: a line was not full, and the next begins anew.

    Behind the end of a sentence it is enough that one more word had fitted easily, if all others were wrapped late.
    """
    full = [pair for pair in pairwise(group) if is_full(*pair, width)]
    on = [pair for pair in full if _goes_on(*pair)]
    own = max((_columns(line) for line, _ in on), default=0)
    early = _EARLY if any(_fits(*pair, own) for pair in on) else 0
    start = 0
    for place, (line, following) in enumerate(pairwise(group) if on and 3 * len(on) >= len(full) else (), 1):
        ended = _is_ended(line) and _fits(line, following, own - max(early, _ROOM))
        if (ended or not is_full(line, following, width)) and not following.lstrip(_OPENING)[:1].islower():
            yield group[start:place]
            start = place
    yield group[start:]


def _is_wrapped(group: list[str], width: int) -> bool:
    """Whether each line ends where the next one's first word no longer fitted, and goes on, or was full to the end."""
    pairs = list(pairwise(group))
    if sum(is_full(*pair, width) for pair in pairs) < _NEARLY_ALL * len(pairs):
        return _is_wrapped_alone(group)
    goes_on = 3 * sum(_goes_on(*pair) for pair in pairs) >= len(pairs)
    return goes_on or all(is_full(*pair, width, early=0) for pair in pairs) or _is_wrapped_alone(group)


def _is_wrapped_alone(lines: list[str]) -> bool:
    """Whether a paragraph was wrapped at a width of its own, as mails are in which other lines are longer.

    No line is a word too short, and every other one ends amid a sentence: verse and lists are not so even. A line with
    an address may be longer.
    """
    width = max((_columns(line) for line in lines if "://" not in line), default=0)
    if len(lines) < _PARAGRAPH or not _NARROW <= width <= _WIDE:
        return False
    even = not any(_fits(line, following, width) for line, following in pairwise(lines))
    amid = sum(
        (line[-1].isalpha() or line[-1] in f",{_HYPHENS}") and following.lstrip()[0].islower()
        for line, following in pairwise(lines)
    )
    return even and 2 * amid >= len(lines) - 1


def is_full(line: str, following: str, width: int, early: int = _EARLY) -> bool:
    """Whether the next line's first word no longer fitted; programs may wrap a little before their limit.

    An address fits nowhere, and often has a line of its own: unless announced it says nothing of the line above.
    """
    if width < _COLUMN:
        return False
    word = _first_word(following)
    early = min(early, _EARLY_IN_WIDE if _is_unspaced(word[0]) else _margin(width))
    return _columns(line) <= width and not _fits(line, "" if "://" in word and line[-1] != ":" else word, width - early)


def _margin(width: int) -> int:
    """How far a program's lines may differ in length, but for the last of a paragraph."""
    return _EARLY if width >= _NARROW else _EARLY // 3


def _fits(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word had fitted into a line."""
    return _columns(line) + 1 + _columns(_first_word(following)) <= width


def _columns(line: str) -> int:
    """The columns that a line takes: signs of Chinese, Japanese and Korean take two."""
    if line.isascii():
        return len(line)
    return len(line) + sum([east_asian_width(sign) in "WF" for sign in _MAY_BE_WIDE.findall(line)])


def _is_unspaced(sign: str) -> bool:
    """Whether a sign belongs to a script without blanks between words, that is Chinese or Japanese."""
    return not sign.isascii() and east_asian_width(sign) in "WF" and not "\uac00" <= sign <= "\ud7af"


def _first_word(line: str) -> str:
    """What has to fit into the line above: a word, or a sign where blanks part no words."""
    word = line.split(None, 1)[0] if line else ""
    return word[0] if word and _is_unspaced(word[0]) else word


def joined(lines: list[str], wrap: Wrapping) -> str:
    """The lines as one; a blank parts them but where the script has none, or a word was broken."""
    text = ""
    for line in map(squeeze, lines):
        if text and text[-1] in _HYPHENS and text[-2:-1].isalpha() and line[:1].islower():
            text = _mended(text, line, wrap)
        else:
            text += line if not text or (_is_unspaced(text[-1]) and _is_unspaced(line[0])) else f" {line}"
    return text


def _mended(line: str, following: str, wrap: Wrapping) -> str:
    """Two lines as one, with the word that was broken between them as the rest of the text spells it.

    Where that tells nothing the hyphen goes from what a typesetter broke.
    """
    before = line[:-1].rsplit(" ", 1)[-1].lstrip(_OPENING).casefold()
    after = following.split(" ", 1)[0].rstrip(_CLOSING).rstrip(",").rstrip("".join(_STOPS)).casefold()
    if line[-1] == "\u00ad" or before + after in wrap.words:
        return line[:-1] + following
    if after in _BESIDE:
        return f"{line} {following}"
    compound = "-" in before + after or any(word.startswith(f"{before}-") for word in wrap.words)
    return line + following if compound or not wrap.breaks else line[:-1] + following


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: in a small letter, or amid it where letters know no case."""
    first = following.lstrip(_OPENING)[:1]
    return first.islower() or (first.isalpha() and not first.isupper() and not _is_ended(line))


def _is_ended(line: str) -> bool:
    """Whether a sentence ends with the line."""
    return line.rstrip(_CLOSING).endswith(_STOPS)
