"""Lines of programmes, calendars and rotas, told by the day or the hour that they begin with."""

import re

from syndicate.strip.verdicts import Judged

_LINE = 160  # characters
# "8 pm: The Lighthouse", "Sunday: 8 am, 10 am", "10.30 Uhr: Andacht", "Sonn- und Feiertage: 9 Uhr", "Sun 8 am, 10 am".
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?|uhr\b|h\b|hrs\b)|\d{1,2}h\d\d"
_DAY = (
    r"(?:sun|mon|tues|wednes|thurs|fri|satur|week|holi)days?|(?:sonn|mon|diens|donners|frei|sams|werk|feier)tags?|mittwochs?"
    r"|domingos?|lunes|martes|miercoles|jueves|viernes|sabados?|dimanches?|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?"
    r"|domenica|lunedi|martedi|mercoledi|giovedi|venerdi|sabato"
)
_SHORT_DAY = (
    r"(?:sun|mon|tues?|weds?|thu(?:rs?)?|fri|sat|mo|di|mi|do|fr|sa|so|lun|mar|mer|mie|jue|jeu|vie|ven|sab|sam|dom|dim)"
    r"\b\.?"
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mai|okt|dez|ene|abr|ago|dic|fev|set|out|gen|mag|giu|lug|ott)"
    r"[a-z]{0,7}\b\.?"
)
_DATE = (
    rf"\d{{1,2}}/\d{{1,2}}\b(?!/)|\d{{1,2}}\.\d{{1,2}}\.(?!\d)|\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:de\s)?{_MONTH}(?!,?\s\d{{4}})"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?!,?\s\d{{4}})"
)
_FIGURE = rf"\d{{1,2}}\b(?!:\d|/|\s?[ap]\.?m|\s(?:de\s)?{_MONTH})"  # of a day, not of an hour
_APPOINTED = re.compile(
    rf"\W*(?:(?:{_CLOCK})\W{{0,3}}\w.*|(?:{_DAY})\b[^:]{{0,30}}:.*\b(?:{_CLOCK}).*|(?:{_DAY}|{_SHORT_DAY})\s(?:{_CLOCK}).*)",
    re.DOTALL,
)
# "Tue 13 10 am Coffee", "Oct. 12, 7 p.m.: Choir", "10/12 Council 7:30 pm"; neither a day of some year nor a moment.
_WHEN = rf"\W*(?:(?:(?:{_DAY}|{_SHORT_DAY}),?\s)?(?:{_DATE})|(?:{_DAY}|{_SHORT_DAY}),?\s{_FIGURE})"
_HOURED = re.compile(rf"{_WHEN}\W+(?=.*\b(?:{_CLOCK})).*[^\W\d]{{3}}.*", re.DOTALL)
_DATED = re.compile(rf"{_WHEN}[\s,:;–—-]+(?=\w).*[^\W\d]{{3}}.*", re.DOTALL)


def is_appointed(item: Judged) -> bool:
    """Whether it is a line of a programme: it begins with an hour, or a day and has hours, and links nowhere."""
    text = item.reading.folded
    if item.block.links or not any(map(str.isdigit, text)):
        return False
    return _APPOINTED.fullmatch(text) is not None or (item.breadth <= _LINE and _HOURED.fullmatch(text) is not None)


def is_dated(item: Judged) -> bool:
    """Whether it is a line of a calendar or rota: a day of no year stands before what happens, and it links nowhere."""
    return not item.block.links and item.breadth <= _LINE and _DATED.fullmatch(item.reading.folded) is not None
