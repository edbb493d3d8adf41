"""A text as rules and voice read it: its words, and the concepts that it mentions.

What is asked for is worked out once, when it is asked for: most blocks of an article are asked for little.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from syndicate.strip.lazy import lazy
from syndicate.strip.links import kinds
from syndicate.strip.marks import signed
from syndicate.strip.phrases import Mention
from syndicate.strip.words import Mentions, clause_starts, fold, lexicon, split

_STOP = re.compile(r"[.!?…。！？؟।۔።။]+(?=\s|$)|(?<=[。！？])")
_STOP_ASCII = re.compile(r"[.!?]+(?=\s|$)")  # the same, faster, for a text without other signs
_COUNTRY = re.compile(r"\bU\.?S\b\.?")
_SPEECH = re.compile(r"""[“„«「『‹‘][^”»」』›’“„«]{25,}|(?:^|[\s(])"[^"]{25,}""")
# An address beside its words, as programs write mails without markup.
_BRACKETED = re.compile(r"\s?<https?://[^\s<>]{1,1000}>")
# Labels that a page's style set apart from what they label, and its text does not.
_GLUED = re.compile(
    r"(?:Tags?|Categor(?:y|ies)|Cat[eé]gories?|Kategorien?|Categor[ií]as?|Schlagwor?te|Etiquetas|Topics|Temas)(?=[A-ZÀ-ÝА-ЯЁ])"
    r"|Mots-clés(?=\w)"
)
# What a reader may do is no note of what was done.
_ASKED = re.compile(
    r"\W*(?:update (?:your|my|preferences)\b|(?:(?:editors?|author)'?s? note|note to (?:our )?readers)\W+"
    r"(?:please|help|support|click|subscribe|join|follow|donate|share|sign up|if you (?:like|enjoy|value|find))\b"
    r"|(?:our|the) (?:\w+ ){0,2}(?:privacy (?:policy|notice)|terms of (?:use|service))"
    r" (?:was|were|has been|have been) (?:last )?updated\b)"
)
# Who made what stands above: not its host, nor who presents it, who may have paid.
_MAKING = (
    r"(?:[Mm]usic|[Pp]roduc(?:ed|tion|ers?)|[Dd]irect(?:ed|ors?)|[Ee]dit(?:ed|ing|ors?)|[Mm]ix(?:ed|ing)|[Mm]aster(?:ed|ing)"
    r"|[Rr]ecord(?:ed|ing)|[Rr]eport(?:ed|ing)|[Cc]ompos(?:ed|ers?)|[Ff]act[- ]?check(?:ed|ing)|[Tt]ranslation"
    r"|[Tt]ranscript|[Ss]ound design|[Ii]nterview|[Ee]ngineer(?:ed)?|[Nn]arrat(?:ed|ion|or))"
)
_MADE_BY = re.compile(
    rf"\W*(?:(?:Original|Additional|Executive|Theme|Data) )?{_MAKING}(?:,? (?:and )?{_MAKING})*(?: by |: )[^\W\d_a-z]"
)
_CONTRIBUTED = re.compile(r"[^.!?]{8,200}\bcontributed\W*$")
_ARTICLE = 3  # letters
_MAKERS = 45  # words
# What begins with a quotation, if it speaks of what boilerplate speaks of, speaks about boilerplate.
_MARKS, _QUOTATION = frozenset('"“”„«»「『'), re.compile(r"""["“”„«»「『]([^"“”„«»「」『』]{6,})["“”»«」』]""")
_LETTERS = re.compile(r"[^\W\d_]+")
_SPOKEN_OF = 0.2  # share of a quotation's words
_QUOTED_NAME = re.compile(r"""[„“«「『‹"][^„“”«»「」『』‹›"]{0,24}[“”»」』›"]""")


@dataclass(frozen=True, slots=True)
class Slots:
    """What is known of an article and its source, folded: names that boilerplate repeats."""

    site: frozenset[str] = frozenset()
    page: str = ""
    title: str = ""
    author: frozenset[str] = frozenset()


_NO_SLOTS = Slots()


@lru_cache(maxsize=64)
def _beginnings(labels: frozenset[str]) -> frozenset[str]:
    """Everything that some label begins with."""
    return frozenset(label[:end] for label in labels for end in range(1, len(label) + 1))


class Wording:
    """A text as the rules see it: its words and the concepts in it."""

    def __init__(
        self, text: str, *, linked: float = 0.0, links: Sequence[HtmlElement] = (), slots: Slots = _NO_SLOTS
    ) -> None:
        if "<http" in text:
            text = _BRACKETED.sub("", text)
        country = ("US" in text or "U.S" in text) and not text.isupper()
        text = _COUNTRY.sub("USA", text) if country else text
        text = signed(text)
        label = _GLUED.match(text)
        self.text = f"{label[0]}: {text[label.end() :]}" if label else text
        self.linked = linked
        self.links = links
        self.slots = slots

    @lazy
    def kinds(self) -> frozenset[str]:
        """What its links are for."""
        return kinds(self.links, self.slots.page)

    @lazy
    def folded(self) -> str:
        """The text without case and accents."""
        return fold(self.text)

    @lazy
    def words(self) -> list[str]:
        """Its folded words."""
        return split(self.folded)

    @lazy
    def size(self) -> int:
        """How many words it has; two signs of a script without spaces count as one."""
        if self.folded.isascii():
            return len(self.words)
        return len(self.words) - sum(len(word) == 1 and word > "\u0e00" for word in self.words) // 2

    @lazy
    def heard(self) -> Mentions:
        """Every mention of a concept, by its kind."""
        return lexicon().mentions(self.words)

    @lazy
    def cues(self) -> list[Mention]:
        """Every mention of a concept that belongs to boilerplate."""
        return self.heard.cues

    @lazy
    def mentions(self) -> list[Mention]:
        """Every mention of a concept, those of plain language too."""
        return self.heard.cues + self.heard.plain

    @lazy
    def titled(self) -> bool:
        """Whether it names the article's title."""
        return len(self.slots.title) > 12 and self.slots.title in self.folded

    @lazy
    def speech(self) -> bool:
        """Whether somebody is quoted in it at some length."""
        text = self.folded.replace(self.slots.title, "") if self.titled else self.text
        if text.isascii() and '"' not in text:
            return False
        return _SPEECH.search(_QUOTED_NAME.sub("", text)) is not None

    @lazy
    def coverage(self) -> float:
        """The share of its words that stand in sentences with a concept of boilerplate."""
        cues = {start for _, start, _ in self.cues}
        at = covered = 0
        for sentence in (_STOP_ASCII if self.folded.isascii() else _STOP).split(self.folded):
            length = len(split(sentence))
            covered += 0 if cues.isdisjoint(range(at, at + length)) else length
            at += length
        return covered / at if at else 0.0

    @lazy
    def density(self) -> float:
        """The share of its words that belong to boilerplate's concepts, those of plain language left aside."""
        inside = {place for _, start, end in self.cues for place in range(start, end)}
        return len(inside) / len(self.words) if self.words else 0.0

    @lazy
    def concepts(self) -> Mapping[str, set[int]]:
        """Each concept mentioned, with the words at which it is mentioned."""
        found: dict[str, set[int]] = {}
        for concept, start, _ in self.mentions:
            found.setdefault(concept, set()).add(start)
        if self.named:
            found["site"] = self.named
        if self.titled:
            found["title"] = {0}
        if self.shouted:
            found["shouting"] = {0}
        return found

    @lazy
    def shouted(self) -> bool:
        """Whether it shouts that it be shared: in capitals, and with an exclamation mark."""
        if "!" not in self.text and "！" not in self.text:
            return False
        loud = [word for word in _LETTERS.findall(self.text) if word.isupper()]
        return any(concept == "share" for concept, _, _ in lexicon().mentions(split(fold(" ".join(loud)))).cues)

    @lazy
    def named(self) -> set[int]:
        """The words that are the source's name, or parts of its host's name written apart."""
        words, site = self.words, self.slots.site
        if site.isdisjoint(words) and (len(words) > 60 or _beginnings(site).isdisjoint(words)):
            return set()
        found = {place for place, word in enumerate(words) if word in site}
        for label in site if len(words) <= 60 else ():
            for start, word in enumerate(words):
                joined, end = word, start + 1
                while len(joined) < len(label) and label.startswith(joined) and end < len(words):
                    joined, end = joined + words[end], end + 1
                if joined == label:
                    found.update(range(start, end))
        return found

    @lazy
    def protected(self) -> bool:
        """Whether it is a correction, a note or a credit, by its opening or a phrase, or quotes boilerplate."""
        asked = _ASKED.match(self.folded) is not None if self.heard.notes else False
        noted = not asked and any(start == 0 or self._is_phrase(start, end) for _, start, end in self.heard.notes)
        return noted or self.quoting or self.crediting

    @lazy
    def praying(self) -> bool:
        """Whether it prays, in words that all churches share: "give us" and "help us" are no appeal there."""
        return any(concept == "prayer" for concept, _, _ in self.heard.notes)

    @lazy
    def crediting(self) -> bool:
        """Whether it says who produced, edited or recorded what stands above."""
        if self.size > _MAKERS:
            return False
        contributed = "contributed" in self.text and _CONTRIBUTED.match(self.text)
        return bool(contributed or _MADE_BY.match(self.text))

    @lazy
    def quoting(self) -> bool:
        """Whether it begins with boilerplate in quotation marks: a story about it, not the thing itself."""
        match = _QUOTATION.match(self.text) if self.text[:1] in _MARKS and not self.linked else None
        return match is not None and Wording(match[1]).density >= _SPOKEN_OF

    def _is_phrase(self, start: int, end: int) -> bool:
        """Whether these words are more than one; four signs, in a script whose signs are words."""
        sign = len(self.words[start]) == 1 and self.words[start] > "\u0e00"
        return end - start > (3 if sign else 1)

    def asks_for_another(self, calls: frozenset[str]) -> bool:
        """Whether what it calls for is done to none of what boilerplate speaks of: a meal is shared, a coat given."""
        ends = {start: end for concept, start, end in sorted(self.mentions) if concept in calls}
        opened = sorted(self.openings & ends.keys())
        if not opened:
            return False
        end = max(ends[start] for start in opened)
        said = {place for _, start, stop in self.mentions for place in range(start, stop)} | self.named
        spoken = any(start >= end for _, start, _ in self.cues)
        addressed = self.concepts.get("you", set())
        clause = range(end, min((at for at in self.openings if at >= end), default=len(self.words)))
        nouns = (place for place in clause if len(self.words[place]) > _ARTICLE)
        given = next((place for place in nouns if place not in addressed), None)
        return not spoken and given is not None and given not in said

    @lazy
    def openings(self) -> frozenset[int]:
        """The words at which a sentence or clause opens, fillers left aside."""
        fillers: dict[int, int] = {}
        for concept, start, end in self.mentions:
            if concept == "filler":
                fillers[start] = max(end, fillers.get(start, 0))
        found = clause_starts(self.folded)
        for opening in tuple(found):
            following = opening
            while following in fillers:
                following = fillers[following]
                found.add(following)
        return frozenset(found)

    def covers(self, concepts: frozenset[str]) -> bool:
        """Whether it mentions some of the concepts, or the site's name, and nothing else but numbers."""
        inside = set(self.named)
        for concept, start, end in self.mentions:
            if concept in concepts:
                inside.update(range(start, end))
        return bool(inside) and all(place in inside or word.isdigit() for place, word in enumerate(self.words))
