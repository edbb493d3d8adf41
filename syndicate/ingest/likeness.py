"""Whether two readings tell the same article: what names, titles, texts and dates say, and what follows. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from syndicate.model import Article
from syndicate.normalize.urls import link_key

Names = Literal["both", "one", "weak", "none"]
Title = Literal["same", "near", "other"]
Text = Literal["same", "alike", "kin", "other", "none"]
Date = Literal["same", "moved", "unknown"]

# Scripts without spaces between words are compared by characters.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_LONG = 40  # tokens; what is shorter says too little where no name speaks for it, and may be a stub that grows
_ANOTHER_DAY = timedelta(hours=20)
_SMALL_WORD = 3  # letters; most articles and prepositions are no longer
_MOSTLY = 0.7  # of the tokens; what has more is no excerpt
_EXCERPT = 8  # tokens; less is no excerpt of anything
_REMEMBERED = 64  # texts whose words are kept for the next comparison; an entry is compared with no more at once
_TOO_LONG = 100_000  # characters; what is longer is not kept: it would fill the memory, and no document holds many


@dataclass(frozen=True, slots=True)
class Clues:
    """What speaks for an entry being a later version of a stored article, and what against.

    Names: "both" are guid and address, "one" is one of them and nothing against it; "weak" is an address that many
    share or that another guid has, or a mere title. Texts: "alike" are near-identical, or one holds the other; "kin"
    have passages in common; "none" are two that are empty. `long`: both have something to say; `grown`: a stub became
    an article; `shrunk`: an article became a notice; `whole`: every paragraph still stands there, word for word.
    """

    names: Names
    title: Title
    text: Text
    date: Date = "unknown"
    long: bool = True
    grown: bool = False
    shrunk: bool = False
    whole: bool = False


def is_same(clues: Clues) -> bool:
    """Decide whether the entry is the stored article, edited or not; else both are kept.

    An address and a guid of its own speak for an edit as long as anything else does. What only passes through one
    place (a verse of the day, a guid that counts positions) has another title and other words each time.
    """
    if clues.names == "none":
        return _is_moved(clues)
    if clues.names == "weak":
        return _is_moved(clues) or _is_told_again(clues)
    if clues.text in {"same", "alike", "kin"}:
        return True
    if clues.date == "same" and clues.names == "both":
        return True  # rewritten, or withdrawn with a notice: the source says that it is the same publication
    if clues.title == "same":
        return clues.date != "moved" or clues.shrunk or clues.text == "none"
    return clues.title == "near" and (clues.grown or clues.text == "none") and clues.date != "moved"


def _is_moved(clues: Clues) -> bool:
    """Whether it is the same under new names, as after a site's relaunch, or a copy.

    Forms filled in anew each week (masses, markets, weather) are near-identical, too: these have other dates, and other
    words instead of the old, never only more.
    """
    if not clues.long or clues.title == "other":
        return False
    agreed = (clues.title == "same", clues.text == "same", clues.date == "same")
    more = clues.title == "same" and clues.whole and clues.date != "moved"
    return clues.text in {"same", "alike"} and (more or sum(agreed) >= 2)


def _is_told_again(clues: Clues) -> bool:
    """Whether title and words agree well enough where the name says little."""
    if clues.title == "same":
        return clues.text in {"same", "alike", "kin"} or clues.date == "same"
    return clues.long and (clues.text == "same" or (clues.text == "alike" and clues.date != "moved"))


def clues(before: Article, after: Article, names: Names) -> Clues:
    """Compare an entry, made an article, with a stored one."""
    old, new = _read(before.text), _read(after.text)
    return Clues(
        names,
        _titles(before.title, after.title),
        _texts(old, new),
        _dates(before, after),
        long=min(old.count, new.count) >= _LONG,
        grown=old.count < _LONG and new.count >= 2 * old.count,
        shrunk=new.count < _LONG <= old.count,
        whole=new.holds(old),
    )


def is_excerpt_or_copy(one: Article, other: Article) -> bool:
    """Whether one text is the other, or the beginning or a piece of it; a bare title of the same is taken for one."""
    ours, theirs = _read(one.text), _read(other.text)
    if not ours.count:
        return _titles(one.title, other.title) != "other"
    return min(ours.count, theirs.count) >= _EXCERPT and _texts(ours, theirs) in {"same", "alike"}


def is_near_copy(one: Article, other: Article) -> bool:
    """Whether what was a copy within its source still is, though words of one were changed: not on another day."""
    found = clues(one, other, "none")
    agree = found.title == "same" and found.text in {"same", "alike"}
    return agree and found.long and found.date != "moved"


def is_mere_excerpt(one: Article, other: Article) -> bool:
    """Whether one says less than the other, and nothing that the other doesn't say."""
    return _read(one.text).count < _MOSTLY * _read(other.text).count and is_excerpt_or_copy(one, other)


def is_told(title: str, teaser: str, text: str) -> bool:
    """Whether a text can be that of the article that a headline and a teaser announce.

    It has most of the headline's words, or passages of the teaser; where neither says anything, nothing speaks against.
    """
    wanted, said = _telling(_tokens(title)), _read(teaser)
    if 2 * len(wanted & _telling(_tokens(text))) > len(wanted):
        return True
    return _texts(_read(text), said) in {"same", "alike", "kin"} if said.count else not wanted


def wording(article: Article) -> str:
    """An article's title and text by their words alone: equal for what `clues` calls the same."""
    return f"{words(article.title)}\n{words(article.text)}"


def is_retold(before: Article, after: Article) -> bool:
    """Whether one says what the other says, word for word, whatever was cut of each, and wherever it stood.

    So it does where all that stays is the same: a new year in a copyright line makes no other article.
    """
    stays = bool(before.text) and wording(before) == wording(after)
    return stays or _all_said(before) == _all_said(after)


def _all_said(article: Article) -> list[str]:
    return sorted(_tokens("\n".join((article.title, article.text, *(cut.text for cut in article.cuts)))))


def words(text: str) -> str:
    """A text by its words alone: equal for titles, and for texts, that `clues` calls the same."""
    return " ".join(_tokens(text))


def is_own_place(link: str) -> bool:
    """Whether an address can be that of one article: a site's front page can't."""
    return bool(re.search(r"[/?#]", link_key(link)))


def is_at_home(link: str, location: str) -> bool:
    """Whether a source that is polled at `location` is of the house that the link leads to, or of its subdomain."""
    house, home = _host(link), _host(location)
    return bool(house) and (home == house or home.endswith(f".{house}"))


def _host(url: str) -> str:
    return re.split(r"[/?#]", link_key(url), maxsplit=1)[0]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


class _Words:
    """A text by its words alone, as a whole and by paragraphs: taken apart once for all that it is compared with."""

    def __init__(self, text: str) -> None:
        self.paragraphs = tuple(words(paragraph) for paragraph in text.split("\n") if paragraph.strip())
        self.said = " ".join(filter(None, self.paragraphs))
        self.count = self.said.count(" ") + 1 if self.said else 0
        self._shingles: dict[int, frozenset[int]] = {}

    def holds(self, other: "_Words") -> bool:
        """Whether each paragraph of the other stands here as it is."""
        held = f" {self.said} "
        return all(f" {paragraph} " in held for paragraph in other.paragraphs)

    def shingles(self, size: int) -> frozenset[int]:
        """The hashes of its turns of phrase, of so many words each: hashes take less room than words."""
        if size not in self._shingles:
            tokens = self.said.split()
            phrases = zip(*(tokens[start:] for start in range(size)), strict=False)
            self._shingles[size] = frozenset(map(hash, phrases))
        return self._shingles[size]


_remembered = lru_cache(maxsize=_REMEMBERED)(_Words)


def _read(text: str) -> _Words:
    return _remembered(text) if len(text) < _TOO_LONG else _Words(text)


def _titles(one: str, other: str) -> Title:
    left, right = _tokens(one), _tokens(other)
    if left == right:
        return "same"
    common = _weighty(left) & _weighty(right)
    return "near" if common and 2 * len(common) >= min(len(_weighty(left)), len(_weighty(right))) else "other"


def _weighty(tokens: list[str]) -> set[str]:
    """The words that say something; small ones only where there are no others."""
    return {t for t in tokens if len(t) > _SMALL_WORD or not t.isascii() or t.isdigit()} or set(tokens)


def _telling(tokens: list[str]) -> set[str]:
    """The words that say something; of scripts without spaces, in which every sign is a token, pairs of signs."""
    pairs = {one + two for one, two in pairwise(tokens) if len(one) == len(two) == 1}
    return pairs | {token for token in _weighty(tokens) if len(token) > 1}


def _texts(one: _Words, other: _Words) -> Text:
    if one.said == other.said:
        return "same" if one.said else "none"
    shortest = min(one.count, other.count)
    size = 4 if shortest >= _LONG else 2 if shortest >= 4 else 1  # a few words have no turns of phrase
    left, right = one.shingles(size), other.shingles(size)
    common, least = len(left & right), min(len(left), len(right))
    if common and (common >= 0.7 * (len(left) + len(right) - common) or common >= 0.8 * least):
        return "alike"
    return "kin" if common and common >= least / 3 else "other"


def _dates(before: Article, after: Article) -> Date:
    if before.published is None or after.published is None:
        return "unknown"
    if before.published == after.published:
        return "same"
    return "moved" if abs(after.published - before.published) >= _ANOTHER_DAY else "unknown"
