"""Datelines, which say where an article was written: the same in text and in HTML."""

import re
from functools import lru_cache

from syndicate.model import Dateline
from syndicate.normalize.byline import DATE_PART, PARTICLES
from syndicate.text import squeeze

# "NEW DELHI/BUDAPEST (Worthy News) –", "Madrid, 3 may (EFE).-", "МОСКВА, 3 мая. /ТАСС/.", "Köln (epd).": places, then
# agency or date or both, then a dash, or a full stop.
_DATELINE = re.compile(
    r"(?P<places>[^\W\d_][^()–—\n]{1,79}?)\s*"
    r"(?:\((?P<agency>[^()\d\n]{2,40})\)\s*(?:\.?\s?(?:[–—]|-{1,2})|(?P<stop>\.)(?=\s))"
    r"|/(?P<slashed>[^\W\d_]{2,12})/\.(?:\s?[–—-])?|(?:\s[–—]|—|\s-{1,2})(?=\s|[\"“„«]))\s*"
)
_PARTING = "(/–—-"  # signs of which either needs one
# "(ANSA) - ROMA, 03 MAG -": the agency before the place.
_AGENCY_FIRST = re.compile(r"\((?P<agency>[^()\d\n]{2,20})\)\s[-–—]\s(?P<places>[^()–—\n]{3,60}?)\s[-–—]\s+")
# "(서울=연합뉴스)", "【ロンドン＝共同】", "新华社北京5月3日电": as Korea, Japan and China have it.
_BRACKETED = re.compile(
    r"[(\[【（](?P<places>[\u3040-\u9fff\uac00-\ud7af]{2,12})[=＝](?P<agency>[\u3040-\u9fff\uac00-\ud7af]{2,12})[)\]】）]\s*"
    r"|[(【（]?(?P<house>[\u3400-\u9fff]{1,5}社)(?P<place>[\u3400-\u9fff]{2,8})(?:\d{1,2}月)?\d{1,2}日[电電][)】）]?\s*"
)
_TIME = re.compile(r"\s/\s\d{1,2}[:.]\d{2}.*$")
_NO_PLACE_WORDS = (
    "UPDATE UPDATED BREAKING EXCLUSIVE WATCH VIDEO OPINION ANALYSIS LIVE PHOTOS NOTE WARNING CORRECTION EDITORIAL "
    "INTERVIEW REVIEW SPONSORED ADVERTISEMENT NEW FREE Q A I NO YES OK FAQ TLDR PS DEVELOPING ALERT URGENT JUST "
    "STAFF NEWSROOM"
)
_NO_PLACE = frozenset(_NO_PLACE_WORDS.split())


@lru_cache(maxsize=64)  # several steps ask of the same lines
def dateline(text: str) -> Dateline | None:
    """The dateline that a paragraph begins with: "CITY/CITY (AGENCY) –", "CITY, State —", "City (agency) -"."""
    start = text.lstrip()
    head = start[:140]
    if (told := _BRACKETED.match(head)) and told.end() < len(start):
        return Dateline((told["places"] or told["place"],), told["agency"] or told["house"])
    parted = any(map(head.__contains__, _PARTING))
    match = (_DATELINE.match(head) or _AGENCY_FIRST.match(head)) if parted else None
    if match is None or match.end() >= len(start):
        return None
    found = match.groupdict("")
    agency = squeeze(found["agency"] or found.get("slashed", ""))
    if found.get("stop") and not (agency.islower() or any(map(str.isdigit, found["places"]))):
        return None  # "Jane Doe (CDU). She ..."
    pieces = [piece.strip() for piece in re.split(r"/|\s+(?:and|und|y|et)\s+", _TIME.sub("", found["places"]))]
    places = tuple(place for place in (_place(piece, agency) for piece in pieces) if place)
    if len(places) != len(pieces) or not places or len(places) > 4:
        return None
    return Dateline(places, agency)


def behind_dateline(text: str) -> str:
    """Return a paragraph without its dateline."""
    start = text.lstrip()
    opening = start[:140]
    match = _DATELINE.match(opening) if "–" in opening or "—" in opening or "-" in opening else None
    return start[match.end() :] if match and dateline(text) else text


def _place(text: str, agency: str) -> str:
    """The place without a date; "" when it can't be one."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    kept = [part for part in parts if not DATE_PART.match(part)]
    if not kept or len(kept) > 3:
        return ""
    city = kept[0]
    words = city.split()
    if (
        not 1 <= len(words) <= 4
        or city.rstrip(".") in _NO_PLACE
        or words[0] in _NO_PLACE - {"NEW"}
        or words[-1].upper() in _NO_PLACE
    ):
        return ""
    if not all(re.fullmatch(r"[^\W\d_][\w.'’\-]*", word) for word in words):
        return ""
    caps = city.isupper() and (bool(agency) or sum(map(str.isalpha, city)) > 3)
    mixed = bool(agency) and all(not word[0].islower() or word.lower() in PARTICLES for word in words)
    regions = all(not part[0].islower() and len(part.split()) <= 4 for part in kept[1:])
    return ", ".join(kept) if (caps or mixed) and regions else ""
