"""Lines that say who wrote an article: bylines and signatures, the same in text and in HTML."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from unicodedata import category

from syndicate.model import Person
from syndicate.normalize.bywords import BRACKETED, BY, COUNT, DAY, KOREAN, MAKERS, OUR
from syndicate.text import squeeze

_ALIKE = str.maketrans("،，、：", ",,,:")  # signs of other scripts that say the same
_INITIAL = re.compile(r"\b\w\.$")
_MORE = re.compile(
    r"\s*(?:\||•|·(?!\S)|/{2}|\s[–—-]\s"
    r"|\b(?:updated|published|posted|last modified|publiée?|publicado|pubblicato|veröffentlicht)\b"
    r"|\b(?:on|am|le|el)\s(?=(?:[^\W\d]{2,10}\.?,\s)?[^,]{0,14}\d)|\b(?:at|um|à)\s(?=\d{1,2}[:.]\d\d)).*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|und|y|e|et|en|och|og|i|&|и|та|通[讯訊][员員])\s+|\s*&\s*|\s*;\s*", re.IGNORECASE)
_DASHES = "-–—~ "
_PARTICLES_WORDS = (
    "von van der den de del della di da dos das do du la le el al bin ibn ben abu af av zu zum ter ten y e"
)
PARTICLES = frozenset(_PARTICLES_WORDS.split())
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_.'’‘·・\-]*(?:[.'’‘·・\-][^\W\d_]*)*", re.UNICODE)
_SIGN_WORD, _SIGNS = re.compile(r"[\u3400-\u9fff]+"), 5  # what no name in sign script is longer than
_ROLE = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|director|columnist|analyst|staff|contributor|producer|photographer|fotograf(?:in|ka)?|fotógraf[oa]|photographe|"
    r"journalist|chief|critic|author|bureau|intern|fellow|anchor|host|\w*korrespondent(?:in)?|\w*redakteur(?:in)?|"
    r"redaktion|corresponsal|redactor(?:a)?|correspondante?|journaliste|giornalista|inviat[oa]|corrispondente|redacteur|"
    r"jornalista|correspondente|repórter|korespondent(?:ka)?|dziennikarka?|redaktor(?:ka)?|корреспондент|журналист(?:ка)?|"
    r"редактор|кореспондент(?:ка)?|журналіст(?:ка)?|المراسلين|مراسلة?|محررة?|צלמת?|כתבת?|עורכת?)s?\b"
    r"|\w{0,8}(?:记者|記者|编辑|編輯|特派员|特派員)",
    re.IGNORECASE,
)
# Titles of songs and stories begin with "By", too: what no name opens with, ends in, is made of, or holds among others.
_NO_FIRST_WORDS = (
    "my your his our their thy its this that these those what all each every no then now popular special "
    "guten allen ganzem meinen deinen seinen"
)
_NO_LAST_WORDS = "alone order request invitation appointment numbers night morning evening noon midnight"
_NO_ONE_WORDS = (
    "day night land sea air water train bus boat ferry foot accident chance mistake design default law hand heart"
)
_NO_FIRST, _NO_LAST = frozenset(_NO_FIRST_WORDS.split()), frozenset(_NO_LAST_WORDS.split())
_NO_OTHER_WORDS = "of the to in for with on at from and"
_NO_ONE, _NO_OTHER = frozenset(_NO_ONE_WORDS.split()), frozenset(_NO_OTHER_WORDS.split())
# "the Rev. Jane Doe", "The Most Reverend Paul Gomez": the article is no part of the name.
_TITLED = re.compile(
    r"^the\s+(?=(?:(?:very|most|right|rt)\.?\s+)?(?:rev(?:erend|d)?|hon(?:ou?rable)?|ven(?:erable)?)\b)", re.IGNORECASE
)
_OF_RANK = re.compile(
    r"(?:his|her)\s(?:eminence|excellency|holiness|grace|beatitude|lordship)\s\S|all\s(?:saints|souls|nations)\b",
    re.IGNORECASE,
)
_HOUSE_WORDS = (
    "press board editors editor staff team news newsroom times post agency desk wire herald tribune journal guardian "
    "observer telegraph standard independent gazette chronicle economist conversation service"
)
_HOUSES = frozenset(_HOUSE_WORDS.split())
_THE = re.compile(r"^(?:the|an?|der|die|das|el|la|los|las|le|les|il|lo|o)\s", re.IGNORECASE)
_WHERE_FROM = re.compile(r"^(?:for|of|at|für|vom|from|de|du|del|della|da|do|voor)\s+", re.IGNORECASE)
_FOR = re.compile(r"(?P<names>[^,]*\s[^,]*?)\s+(?:for|für|para|voor)\s+(?P<house>[^,]+)", re.IGNORECASE)
_IN = frozenset(["in", "im", "en", "à", "w", "в"])
# "Worthy News 首席国际记者 斯特凡·博斯 报道": house, role and name, as sign scripts order them.
_REPORTS = re.compile(
    r"(?P<house>\S.{0,30}?)?\s*\b(?P<role>\w{0,8}(?:记者|記者))\s+(?P<name>\S{2,12})\s*(?:报道|報道|報導)"
)

DATE_PART = re.compile(
    r"^(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|märz|juni|juli)\w*\.?\s+\d{1,2}|"
    r"\d{1,2}\.?\s+\w{3,10}\.?(?:\s+(?:\d{4}|\d{2}))?\.?|\d{1,2}\.\s?\d{1,2}\.(?:\d{4}|\d{2})?|\d{4}(?:\s+at\b.*)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)  # several steps ask of the same lines
def byline(text: str, *, organization: str = "") -> tuple[Person, ...]:
    """The people of a byline such as "By Jane Doe and John Roe, Chief Correspondent Example News"; () if it is none.

    Lines below the first may say what the people are, whom they write for and when. `organization` is the source's own
    name, by which a role and an organization without a comma are told apart.
    """
    first, *more = [squeeze(line) for line in text.split("\n") if line.strip()] or [""]
    people = () if _is_sentence(first) else _people(first, organization)  # most paragraphs are spared the search
    for line in more if people else ():
        if described := with_role(people, line, organization=organization):
            people = described
        elif _is_name(line):
            people = tuple(replace(person, organization=person.organization or line) for person in people)
        elif not _MORE.match(line):
            return ()
    return people


def signature(line: str, is_house: Callable[[str], bool]) -> tuple[Person, ...]:
    """The people of a line that names them without a word for it, such as "— Jane Doe, Example News"; () if it is none.

    What follows the name has to be a role or an organization that `is_house`; a dash before it will do, too. Words
    between rows of dashes ("-----Original Message-----") are none.
    """
    bare = squeeze(line).translate(_ALIKE)
    text = bare.lstrip(_DASHES)
    if bare.startswith("---") or bare != bare.rstrip(_DASHES):
        return ()
    named, _, described = (part.strip() for part in text.partition(","))
    names = [name.strip() for name in _AND.split(named)]
    if len(text) > 100 or not all(" " in name and _is_name(name) and not _ROLE.search(name) for name in names):
        return ()
    if described and any(map(is_house, names)):
        return ()
    role, house = _role(described, "")
    if not (is_house(described) if described and not _ROLE.search(role) else described or text != bare):
        return ()
    return tuple(Person(name, role, house) for name in names)


def _is_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, not in an initial."""
    return line.endswith((".", "!", "?")) and _INITIAL.search(line[-3:]) is None


def _people(line: str, organization: str) -> tuple[Person, ...]:
    """The people of a byline of one line."""
    line = COUNT.sub("", line.translate(_ALIKE))
    if len(line) > 160 or line.endswith(":") or _is_sentence(line):
        return ()
    day = DAY.match(line)
    start = BY.match(line, day.end() if day else 0)
    if start is None:
        return _reporter(line)
    rest, makers = _without_makers(line[start.end() :])
    rest = _MORE.sub("", rest).strip(" ,;:")
    if people := _ours(rest) or _described(rest, organization):
        return (*people, *makers)
    named_for = _FOR.fullmatch(rest) or BRACKETED.fullmatch(rest)
    names, comma, described = (named_for["names"], ",", named_for["house"]) if named_for else rest.partition(",")
    parts = [_TITLED.sub("", part.strip()) for part in _AND.split(names)]
    more = _AND.split(described) if comma else []
    if (
        comma
        and len(more) > 1
        and all(_is_name(part.strip()) and not _ROLE.search(part) for part in _listed(described))
    ):
        parts += _listed(described)  # "By A. One, B. Two and C. Three"
        described = ""
    if makers and not rest:
        return tuple(replace(person, role="") for person in makers)  # "Text and photos: A. One"
    if not all(_is_author(part, organization) and (" " in part or not (day or start["two"])) for part in parts):
        return ()
    role, house = _role(described.strip(), organization)
    return (*(Person(name=part, role=role, organization=house) for part in parts), *makers)


def _ours(rest: str) -> tuple[Person, ...]:
    """The one whom a house calls its own, with what he or she is to it."""
    ours = OUR.match(rest)
    return (Person(rest[ours.end() :], ours["role"]),) if ours and _is_name(rest[ours.end() :]) else ()


def _described(rest: str, organization: str) -> tuple[Person, ...]:
    """The people of a byline that says of each, or of the first of them, what they are; () of any other.

    "A. One, Staff Writer, and B. Two, Correspondent": a role ends before "and"; a house does where each has one.
    """
    groups = [
        [_TITLED.sub("", part.strip()) for part in group.split(",") if part.strip()] for group in _AND.split(rest)
    ]
    found: list[Person] = []
    waiting: list[str] = []
    ends: list[str] = []
    for group in groups:
        names = list(takewhile(lambda part: _is_author(part, organization) and not _tells_what(part), group))
        if not names or not all(" " in name for name in names[:1]):
            return ()
        waiting += names
        if told := group[len(names) :]:
            role, house = _role(", ".join(told), organization)
            found += [Person(name, role, house) for name in waiting]
            waiting = []
        ends.append(told[-1] if told else "")
    parted = [end for end in ends[:-1] if end]
    roles = all(_ends_in_role(end) for end in parted)
    if not parted or not (roles or (all(ends) and all(map(_tells_what, parted)))):
        return ()
    return (*found, *map(Person, waiting))


def _tells_what(part: str) -> bool:
    """Whether a part of a byline says what somebody is, or for whom he or she writes."""
    return _ROLE.search(part) is not None or part.casefold().split()[-1] in _HOUSES


def _ends_in_role(part: str) -> bool:
    return any(found.end() == len(part) for found in _ROLE.finditer(part))


def _reporter(line: str) -> tuple[Person, ...]:
    """The one whom a line names beside what he or she is, as Korea and China do."""
    if korean := KOREAN.fullmatch(line):
        return (Person(korean["name"] or korean["only"], korean["role"] or ""),)
    told = _REPORTS.fullmatch(line)
    return (Person(told["name"], told["role"], told["house"] or ""),) if told and _is_name(told["name"]) else ()


def _without_makers(rest: str) -> tuple[str, tuple[Person, ...]]:
    """What stands before "photos by NAME", and who made them."""
    told = MAKERS.search(rest)
    names = [name.strip() for name in _AND.split(_MORE.sub("", told["names"]).strip(" ,;"))] if told else []
    if told is None or not all(map(_is_name, names)):
        return rest, ()
    return rest[: told.start()].rstrip("."), tuple(Person(name, told["role"]) for name in names)


def _is_author(text: str, organization: str) -> bool:
    """Whether somebody may be called so, a person or a house, rather than a song: "By Grace Alone", "By the Sea"."""
    if not _is_name(text):
        return False
    first, *others = text.casefold().split()
    if _OF_RANK.match(text) or (first in {"our", "the"} and _ROLE.search(text)):
        return True
    if not others:
        return first not in _NO_ONE
    if first == "the":
        return others[-1] in _HOUSES or text.casefold() == organization.casefold()
    small = len(others) > 1 and not _NO_OTHER.isdisjoint(others)
    return first not in _NO_FIRST and others[-1] not in _NO_LAST and not small


def with_role(authors: tuple[Person, ...], line: str, *, organization: str = "") -> tuple[Person, ...]:
    """The authors with the role that the line below their byline gives them ("Staff writer"); () if it gives none."""
    line = squeeze(line)
    found = list(_ROLE.finditer(line))
    if not found or any(author.role for author in authors) or len(line) > 80 or _THE.match(line):
        return ()
    role, after = line[: found[-1].end()], line[found[-1].end() :].strip()
    house = _WHERE_FROM.sub("", after.removeprefix(",").strip())
    if len(role.split()) > 5 or role.casefold().endswith("bureau"):
        return ()
    if after.casefold() not in ("", organization.casefold()) and (house == after or not _is_name(_THE.sub("", house))):
        return ()
    return tuple(replace(author, role=role, organization=house or author.organization) for author in authors)


def _listed(text: str) -> list[str]:
    return [part.strip() for piece in text.split(",") for part in _AND.split(piece) if part.strip()]


def _is_name(text: str) -> bool:
    """Whether these are one to five words that look like a name: capitals, or the small words inside names."""
    words = text.replace("‑", "-").split()
    if not 1 <= len(words) <= 5:
        return False
    proper = 0
    for word in words:
        bare = _letters(word.strip("\"'“”‘’()."))
        if not bare or not _NAME_WORD.fullmatch(bare) or (len(bare) > _SIGNS and _SIGN_WORD.fullmatch(bare)):
            return False
        if bare[0] == bare[0].title():  # Georgian small letters have capitals, but none that begin words
            proper += 1
        elif bare.lower() not in PARTICLES and not bare.startswith(("al-", "el-", "d'", "d’", "ten")):
            return False
    return proper >= 1


def _letters(word: str) -> str:
    """A word without the vowel signs and accents that are characters of their own, as in Hindi, Thai and Hebrew."""
    return word if word.isascii() else "".join(sign for sign in word if category(sign)[0] != "M")


def _role(text: str, organization: str) -> tuple[str, str]:
    """Role and organization out of what follows the name."""
    text = ", ".join(part for part in map(str.strip, text.split(",")) if not DATE_PART.match(part))
    if not text or len(text) > 100:
        return "", ""
    if organization and text.casefold().endswith(organization.casefold()):
        return _bare_role(text[: -len(organization)]), text[-len(organization) :]
    role, comma, house = text.partition(",")
    if comma:
        return role.strip(), _house(house)
    last = None
    for found in _ROLE.finditer(text):
        last = found
    if last is None:
        return "", _house(text)
    after = text[last.end() :].split()
    told = list(takewhile(lambda word: word[0].islower() and not _WHERE_FROM.match(f"{word} "), after))
    if told and told[-1] in _IN:
        return text, ""  # "correspondent in Rome"
    return _bare_role(" ".join([text[: last.end()], *told])), _house(" ".join(after[len(told) :]))


def _house(text: str) -> str:
    """Whom somebody writes for; "" where a date or what else follows a name stands instead."""
    house = _WHERE_FROM.sub("", text.strip())
    if _AND.match(f" {house}"):
        return ""  # another's name, perhaps
    return house if house[:1].isalpha() else ""


def _bare_role(text: str) -> str:
    return re.sub(r"\s+(?:for|of|at|für|vom)(?:\s+the)?$", "", text.strip(" ,"), flags=re.IGNORECASE)
