"""Lines above a headline that are none: rubrics, names of papers, dates, issues, pages and notes."""

import re
from typing import Literal

from syndicate.text import squeeze

Above = Literal["release", "rule", "date", "rubric", "capitals", "house", "note"]

# What a press release calls itself above its headline; the stripper's rule for such lines knows the same names.
RELEASE_NAMES = (
    "pressemitteilung", "presseinformation", "presseaussendung", "medienmitteilung", "persbericht", "pressmeddelande",
    "pressemelding", "pressemeddelelse", "lehdistötiedote", "nota de prensa", "comunicado de prensa",
    "comunicado de imprensa", "communiqué de presse", "comunicato stampa", "comunicat de presă", "informacja prasowa",
    "tisková zpráva", "sajtóközlemény", "basın bülteni", "siaran pers", "пресс-релиз", "прессрелиз", "прес-реліз",
    "пресреліз", "新闻稿", "新聞稿", "보도자료", "プレスリリース", "بيان صحفي",
)  # fmt: skip
_RELEASE = re.compile(
    r"\W*(?:for (?:immediate|press) release(?:\W+.{0,30}\d.{0,10})?|(?:news|press|media) (?:release|statement)"
    r"|(?:strictly |under )?embargo(?:ed)?(?: (?:until|till|for|to)\b|:).*"
    r"|not for (?:release|publication) (?:before|until)\b.*|sperrfrist\b.*"
    rf"|{'|'.join(RELEASE_NAMES)}"
    r"|(?:(?:press|media|presse) ?)?(?:contact|kontakt)\s*:.*)\W*",
    re.IGNORECASE,
)
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th|er|[.º])?\s(?:de\s|of\s)?[^\W\d_]{3,15}\.?,?\s(?:de\s)?\d{4}"
    r"|[^\W\d_]{3,15}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
    r"|\d{4}(?P<a>[./-])\d{1,2}(?P=a)\d{1,2}|(?P<one>\d{1,2})(?P<b>[./-])(?P<two>\d{1,2})(?P=b)\d{4}|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
)
_LABEL = (
    r"(?:published|posted|date|datum|veröffentlicht|publicado|publié|pubblicato|gepubliceerd|fecha|data|опубликовано)"
)
# A day told in full, with the weekday before it and the time behind it.
_DATE = re.compile(
    rf"\W*(?P<label>{_LABEL}(?:\s(?:on|am|le|el|il|op|em|no))?\W+)?(?:[^\W\d_]{{2,12}}\.?,?\s)?{_DAY}"
    r"(?:\W{1,3}(?:at\s|um\s|à\s)?\d{1,2}(?:[:.h]\d{2})?(?:\s?[ap]\.?m\b\.?|\sUhr)?(?:\s[A-Z]{2,4})?)?\W*",
    re.IGNORECASE,
)
# "Vol. 12 No. 3 – October 2026", "Page 3", "Slug: BRIDGE", "(BRIDGE)", "FINAL DRAFT"
_ISSUE = r"page|volume|vol|issue|seite|ausgabe|heft|jahrgang|jg|página|pagina|strona"
_NOTE = re.compile(
    rf"\W*(?:(?=.*\b(?:{_ISSUE})\b|.*\b\d{{4}}\b)"
    rf"(?:(?:{_ISSUE}|number|no|nr|n[°º]|numéro|número|numero)(?:\.|\b)\s?(?:\d{{1,4}}|[IVXLC]+)\b\W*)+"
    r"(?:[^\W\d_]{3,15}\s\d{4})?"
    r"|(?:slug|keywords?|stichwort|desk)\s*:\s*\S.{0,60}"
    r"|(?:(?:final|first|second|rough)\s)?(?:draft|entwurf|brouillon|borrador|bozza)(?:\s\d{1,2})?"
    r"|urgent|bulletin|flash|eilmeldung|(?-i:\([A-Z][A-Z-]{2,24}\)))\W*",
    re.IGNORECASE,
)
# What a mail program writes above a mail that it quotes, in any language: an address, or day and hour, and a colon.
_QUOTES = re.compile(r"(?=.{10,250}[:：]\Z)(?=.*\d)(?:(?=.*\S@\S+\.\S)|(?=.*\b\d{4}\b)(?=.*\b\d{1,2}[:.]\d\d\b)).*")
_RUBRIC_WORDS = (
    "news opinion opinions editorial editorials comment commentary analysis column columns letters feature features "
    "obituary obituaries sport sports culture business politics desk exclusive breaking "
    "nachrichten meinung kommentar leitartikel glosse aktuelles lokales kultur politik wirtschaft feuilleton "
    "actualité actualités éditorial tribune opinión noticias actualidad notizie attualità opinione editoriale cronaca "
    "nieuws opinie wiadomości opinia felieton nyheter nyheder uutiset mielipide новости мнение новини думка "
    "新闻 新聞 评论 評論 社说 社説 ニュース 뉴스 사설 أخبار رأي חדשות דעה"
)
_RUBRICS = frozenset(_RUBRIC_WORDS.split())
# "News: Leith", "Section: Local"
_PART_OF = re.compile(r"\W*(?P<word>[^\W\d_]{3,20})\s?[:|/–—-]\s?(?P<name>\S.{0,40})")
_SECTIONS = frozenset(
    {
        "section",
        "rubric",
        "rubrik",
        "ressort",
        "rubrique",
        "sección",
        "sezione",
        "rubriek",
        "dział",
        "kicker",
        "dachzeile",
    }
)
_OLDEST, _YEAR = 1990, re.compile(r"(?<!\d)\d{4}(?!\d)")
# "HEADLINE: Ferry gets a boat", "Dek: It is the second"
_HEADLINE = r"headline|hed|schlagzeile|überschrift|titular|nagłówek|заголовок"
_LABELLED = re.compile(
    rf"(?P<label>(?:(?P<headline>{_HEADLINE})|sub-?head(?:line)?|sub-?title|dec?k|unterzeile|untertitel|body|story|lede)"
    r"\s?:)(?:\s+(?P<rest>\S.*))?",
    re.IGNORECASE,
)
_FEW, _SHORT = 4, 3  # words of a rubric that has a word for it; of capitals that need none
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")
_ARTICLE = re.compile(r"(?:the|der|die|das|el|la|le|il|lo|de|het|o)\s", re.IGNORECASE)


def above_headline(line: str, following: str, houses: frozenset[str]) -> Above | None:
    """What stands in a line above the headline; None if it may be the headline itself.

    `following` is the line below it, `houses` are the names of whoever publishes it.
    """
    tests: tuple[tuple[Above, object], ...] = (
        ("rule", is_rule(line)),
        ("release", _RELEASE.fullmatch(line)),
        ("date", is_date(line)),
        ("house", house(line) in houses),
        ("note", is_label(line) or _NOTE.fullmatch(line) or _QUOTES.fullmatch(line)),
        ("rubric", _is_rubric(line)),
        ("capitals", _are_capitals(line, following)),
    )
    return next((kind for kind, told in tests if told), None)


def without_labels(lines: list[str]) -> list[list[str]]:
    """Part each line into the label before it and its words, if one of them is labelled as the headline."""
    found = [_LABELLED.fullmatch(line) for line in lines]
    if not any(label and label["headline"] and label["rest"] and not label["rest"][0].islower() for label in found):
        return [[line] for line in lines]
    return [
        [label["label"], label["rest"]] if label and label["rest"] else [line]
        for line, label in zip(lines, found, strict=True)
    ]


def is_label(line: str) -> bool:
    """Whether a line is nothing but such a label."""
    found = _LABELLED.fullmatch(line)
    return found is not None and not found["rest"]


def is_section(line: str) -> bool:
    """Whether a line says in which part of a paper an article stands, with a word for that."""
    told = _PART_OF.fullmatch(line)
    return told is not None and told["word"].casefold() in _SECTIONS


def is_rule(line: str) -> bool:
    """Whether a line is drawn with signs: it has no letter and no figure."""
    return not any(map(str.isalnum, line))


def is_date(line: str) -> bool:
    """Whether a line says nothing but a day, and a time."""
    return _dated(line) is not None


def tells_when(line: str, *, beside: bool) -> bool:
    """Whether a line says when the article appeared: with a word for it, or `beside` its byline or dateline.

    Figures that are one day in Europe and another in America say nothing.
    """
    found = _dated(line)
    if found is None or not (beside or found["label"]):
        return False
    one, two = found["one"], found["two"]
    return not one or found["b"] == "." or one == two or max(int(one), int(two)) > 12


def _dated(line: str) -> re.Match[str] | None:
    """A line that is a date, if files are of that age: what is older is what the article is about."""
    found = _DATE.fullmatch(line)
    return found if found and any(int(year) >= _OLDEST for year in _YEAR.findall(line)) else None


def house(name: str) -> str:
    """A name of a house as it is compared: "The Mill Post" is "MILL POST"."""
    return _ARTICLE.sub("", " ".join(_WORD.findall(squeeze(name)))).casefold()


def rubric(line: str) -> str:
    """The name of the part of a paper that a rubric tells, without signs around it and a word for it."""
    told = _PART_OF.match(line)
    name = told["name"] if told and told["word"].casefold() in _SECTIONS else line
    return name.strip(" \t*#=-–—_.:|/•·~<>[]")


def _is_rubric(line: str) -> bool:
    """Whether a few words name a part of a paper, with a word for it."""
    words = [word.casefold() for word in _WORD.findall(line)]
    if not words or len(words) > _FEW or line.endswith(("?", "!", ".", "…")):
        return False
    told = _PART_OF.match(line)
    return (
        words[-1] in _RUBRICS
        or is_section(line)
        or (told is not None and told["word"].casefold() in _RUBRICS and len(told["name"].split()) == 1)
    )


def _are_capitals(line: str, following: str) -> bool:
    """Whether a line of a word or two or three in capitals stands above a longer one that is in small letters."""
    return line.isupper() and not following.isupper() and len(line.split()) <= _SHORT < len(following.split())
