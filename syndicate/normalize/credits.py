"""Whose picture it is, read from what is written below it."""

import re
from dataclasses import replace

from syndicate.model import Image

_PICTURE = (
    r"photos?|photograph(?:s|y|er)?|images?|pictures?|pics?|fotos?|fotograf(?:ie|ia|ía|o)?|bild(?:er)?|illustrations?|"
    r"imagen|imagem|immagine|beeld|kuva|fot\.|фото|写真|图片|圖片|사진|صورة|צילום"
)
_CREDIT = r"cr[ée]dit(?:o?s?)|source|courtesy(?:\sof)?|by|via|von|par|quelle|nachweis|rechte|来源|來源|提供"
_PLACE = r"all|lead|cover|hero|header|head|main|top|title|teaser|banner|featured?"  # what the picture is to the article
_LABEL = re.compile(
    r"(?:^|(?<=[.!?…|·•–—-]\s)|(?<=[|·•–—]))(?:"  # behind a sentence, a bar or a dash
    rf"(?:[^\W\d_][\w-]{{0,20}}\s)?(?:{_CREDIT}|{_PICTURE})(?:\s?(?:{_CREDIT}|{_PICTURE})){{0,2}}\s?[:：|]\s?"
    rf"|(?:(?:(?:{_PLACE})\s)?(?:{_PICTURE})\s)?(?:by|via|courtesy\sof|von|par)\s"
    r"|copyright\b|\(c\))|©",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(rf"^\W*[^:：]{{0,40}}[:：]\s*|^\W*(?:{_PICTURE})(?:\s(?:{_CREDIT}|de|di))?\s", re.IGNORECASE)
_BRACKETS = re.compile(r"\s?[(\[（]([^()\[\]（）]{2,150})[)\]）][.\s]*$")
# Two names: "Jan Nowak/Reuters", "AP Photo/Jan Nowak", "Jan Nowak via AP".
_SHARED = re.compile(r"[^/|]{2,60}(?:\s?[/|]\s?|\svia\s)[^/|]{2,60}(?:/[^/|]{2,60})?")
_AGENCY = re.compile(
    r"(?:^|(?<=[.!?…|–—-]\s))(?:[^\W\d_][\w&-]*\s){1,3}(?:photo|foto)\s?/\s?[^/|]{2,60}$", re.IGNORECASE
)
_SIGNS = re.compile(r"^(?:[\s,:]|©|\(c\)|by\s|[12]\d{3}(?:\s?[-–]\s?\d{2,4})?\b)*", re.IGNORECASE)
_BARE_LABEL = re.compile(rf"(?:^|(?<=[.!?|]\s))(?:{_PICTURE}|{_CREDIT})\s?[:：]?$", re.IGNORECASE)
_RESERVED = re.compile(
    r"(?<![.,;|\s])[.,;|\s]++(?:all|alle|todos|tous|tutti|wszelkie)\s(?:\w+\s)?\w+\s\w+\W*$", re.IGNORECASE
)
# An older picture, or one of something like it: what follows says what it shows.
_SHOWN = re.compile(r"(?:file|archive|stock|representational)\s|(?:archiv|symbol|titel|beispiel)bild", re.IGNORECASE)
_SMALL_WORDS = (
    "of for via by from and the courtesy und für et pour von van de der den da do dos для di del la le al y e"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_DESCRIBES = re.compile(r"(?i:the|an?|der|die|das|le|la|les|un|une|el|los|las|il|lo)\s[a-zà-ÿ]")
_LONGEST, _WORDS = 2_000, 12  # characters of a caption, words of a credit
_OWNERS = 4  # that one picture names


def with_credit(image: Image) -> Image:
    """The picture with the credit that its caption ends in, unless it has another; the caption then goes without it."""
    caption, credit = parted(image.caption)
    return replace(image, caption=caption, credit=credit) if credit and image.credit in ("", credit) else image


def parted(text: str, *, certain: bool = False) -> tuple[str, str]:
    """Caption and credit out of the line below a picture; the credit is "" where it names nobody.

    A credit stands in the last brackets, or behind the last label ("Photo:", "©"); in a line that is `certain` to hold
    one, the label may be any, or none.
    """
    if len(text) > _LONGEST:
        return text, ""
    text = text.strip()
    brackets = _BRACKETS.search(text)
    before, inner = (text[: brackets.start()].strip(), brackets[1].strip()) if brackets else ("", text)
    if brackets and (credit := _labelled(inner)[1] or (inner if _SHARED.fullmatch(inner) and _is_named(inner) else "")):
        return before, credit
    caption, credit = _labelled(text)
    if certain and not credit and not _SHOWN.match(inner):
        credit = _ANY_LABEL.sub("", inner, count=1).strip(" ()[].")
        caption, credit = (before, credit) if _is_named(credit) else (text, "")
    return caption, credit


def _labelled(text: str, owners: int = _OWNERS) -> tuple[str, str]:
    """What stands before and behind the last label of a text behind which somebody is named; so many at most."""
    for label in reversed(list(_LABEL.finditer(text))[-_OWNERS:]) if owners else ():
        credit = _RESERVED.sub("", _SIGNS.sub("", text[label.end() :], count=1)).strip(" .;")
        shows = _SHOWN.match(label[0]) and not _SHARED.fullmatch(credit)
        if _is_named(credit) and not shows:
            caption, owner = _labelled(_before(text, label.start()), owners - 1)
            return caption, f"{owner}; {credit}" if owner else credit
    agency = _AGENCY.search(text)
    return (_before(text, agency.start()), agency[0].strip(" .")) if agency else (text, "")


def _before(text: str, at: int) -> str:
    """A caption without its credit, which begins at a character, and without what led to it."""
    return _BARE_LABEL.sub("", text[:at].rstrip(" |·•–—-")).rstrip(" |·•–—-")


def _is_named(text: str) -> bool:
    """Whether a text may be the names of whom a picture is owed to: hardly a word without a capital in it."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word.casefold() not in _SMALL]
    return 0 < len(words) <= _WORDS and len(small) <= 1 and not _DESCRIBES.match(text)
