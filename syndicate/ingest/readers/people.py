"""Names of people out of the strings that feeds put them in: "jane@example.org (Jane Doe)" and the like."""

import re
from collections.abc import Iterable

from syndicate.model import Person
from syndicate.normalize.byline import byline
from syndicate.text import plain

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
_NOBODY_WORDS = (
    "admin administrator webmaster noreply no-reply unknown author none null root user hidden superuser wpadmin"
)
_NOBODY = frozenset((*_NOBODY_WORDS.split(), "super user"))  # the last as Joomla calls who set it up
_IN_BRACKETS = re.compile(r"(\S+)\s+\(([^()]+)\)")
_BY = re.compile(r"\Aby(?:\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:;|\||\s&\s|\sand\s|\sund\s)\s*")


def person(name: str, *, url: str = "", email: str = "") -> Person | None:
    """One person; None when the string names nobody. An e-mail address is dropped: it is not ours to publish."""
    name = _BY.sub("", plain(name)[:200])
    if "@" in name:
        name = _EMAIL.sub("", name.replace("mailto:", ""))
        name = re.sub(r"[<(\[]\s*[>)\]]", "", name).strip()
    name = name.strip(" ,;:-–|\"'")
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    elif (told := _IN_BRACKETS.fullmatch(name)) and told[1].lower() in _NOBODY:
        name = told[2].strip()  # RSS's "address (name)" with something else for an address
    if not name and email:
        name = email.partition("@")[0].replace(".", " ").title() if "." in email.partition("@")[0] else ""
    if not any(letter.isalpha() for letter in name) or name.lower() in _NOBODY:
        return None
    return Person(name=name, url=url if url.startswith(("http://", "https://")) else "")


def persons(name: str, *, url: str = "", email: str = "") -> tuple[Person, ...]:
    """Who is named where one person should be: several addresses, or full names as a byline joins them, are several."""
    addresses = name.split(",")
    if len(addresses) > 1 and all("@" in address for address in addresses):
        return tuple(filter(None, map(person, addresses)))
    one = person(name, url=url, email=email)
    if one is None:
        return ()
    several = byline(f"by {one.name}") if _SEVERAL.search(one.name) else ()
    return several if len(several) > 1 and all(" " in named.name for named in several) else (one,)


def people(names: Iterable[str]) -> tuple[Person, ...]:
    """Several persons, each once, in their order; a string may hold more than one of them."""
    found: dict[str, Person] = {}
    for text in names:
        for part in _SEVERAL.split(text) if len(text) < 500 else [text]:
            if one := person(part):
                found.setdefault(one.name.casefold(), one)
    return tuple(found.values())


def distinct(persons: Iterable[Person | None]) -> tuple[Person, ...]:
    """Each person once, the better known version of them first."""
    found: dict[str, Person] = {}
    for one in persons:
        if one is None:
            continue
        known = found.get(one.name.casefold())
        if known is None or (one.url and not known.url):
            found[one.name.casefold()] = one
    return tuple(found.values())
