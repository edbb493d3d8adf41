"""What an address, a class name or a picture's source gives away about the thing it belongs to."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lxml.html import HtmlElement

from syndicate.normalize.pictures import is_dot
from syndicate.normalize.urls import host_of, site_of
from syndicate.strip.words import bare, fold

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")  # one behind a backslash says something else

PLAYER = "Player"  # the mark of a link made of a frame; parsed names are in lower case, so no source can write it


@dataclass(frozen=True, slots=True)
class Markup:
    """The package's knowledge of markup (`markup.toml`), ready for use; patterns are for addresses in lower case."""

    allowed: Mapping[str, Any]
    embeds: frozenset[str]
    players: frozenset[str]
    buttons: re.Pattern[str]
    links: tuple[tuple[str, re.Pattern[str]], ...]
    profile: re.Pattern[str]
    tracker: re.Pattern[str]
    stock: re.Pattern[str]
    widgets: Mapping[str, str]
    boxes: Mapping[str, str]


@cache
def markup() -> Markup:
    """Return the knowledge of markup that comes with the package."""
    table = tomllib.loads(files(__package__).joinpath("markup.toml").read_text("utf-8"))
    return Markup(
        allowed=table["allowed"],
        embeds=frozenset(table["embeds"]["hosts"].split()),
        players=frozenset(bare(fold(f"{table['embeds']['hosts']} {table['embeds']['players']}")).split()),
        buttons=_lowered(table["embeds"]["buttons"]),
        links=tuple((kind, _lowered("|".join(found))) for kind, found in table["links"].items()),
        profile=_lowered(table["profiles"]["pattern"]),
        tracker=_lowered(table["trackers"]["pattern"]),
        stock=_lowered(table["stock"]["pattern"]),
        widgets=_by_word(table["widgets"]),
        boxes=_by_word(table["boxes"]),
    )


def _lowered(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for addresses in lower case: four times as fast as one that has to ignore case itself."""
    return re.compile(_CAPITAL.sub(lambda found: found[0].lower(), pattern))


def _by_word(table: Mapping[str, str]) -> Mapping[str, str]:
    return {word: family for family, names in table.items() for word in names.split()}


def kind_of(link: HtmlElement, page: str) -> str:
    """Return what a link is for: "share", "comments", "tag" ...

    "self" leads to the article (its address without query is `page`), "place" to a place in it, "in" merely to the same
    site, "out" to another.
    """
    address = link.get("href") or ""
    own = bool(page) and address.split("?")[0].split("#")[0].rstrip("/") == page
    if own and "#" not in address:
        return "share" if "?share=" in address else "self"
    if "tag" in (link.get("rel") or "").split():
        return "tag"
    lowered, here = address[:300].lower(), _site(address) == _site(page)
    kind = next((kind for kind, pattern in markup().links if pattern.search(lowered)), "")
    if kind == "tag" and page and not here:
        kind = ""  # a shop's "tag=" names who sent the reader
    return kind or ("place" if own else "in" if here else "out")


def _site(address: str) -> str:
    return site_of(host_of(address))


def is_profile(link: HtmlElement) -> bool:
    """Whether a link leads to somebody's page in a network."""
    return markup().profile.match((link.get("href") or "")[:300].lower()) is not None


def is_licence(link: HtmlElement) -> bool:
    """Whether a link says that it leads to a licence."""
    return link.tag == "a" and "license" in (link.get("rel") or "").split()


def kinds(links: Iterable[HtmlElement], page: str) -> frozenset[str]:
    """Return the kinds of several links."""
    return frozenset(kind_of(link, page) for link in links)


def widget(classes: frozenset[str]) -> str:
    """Return the family of the plug-in that class words give away, or ""."""
    known = markup().widgets
    return next((known[word] for word in classes if word in known), "")


def box(classes: frozenset[str]) -> str:
    """Return the family of box that class words name, or ""."""
    known = markup().boxes
    return next((known[word] for word in sorted(classes) if word in known), "")


def is_player(element: HtmlElement) -> bool:
    """Whether an element holds nothing but the link that stands for a frame of a player, or of another page."""
    return element.get(PLAYER) is not None


def is_tracker(image: HtmlElement) -> bool:
    """Whether a picture is there to be counted, not to be seen."""
    return is_dot(image) or markup().tracker.search((image.get("src") or "")[:400].lower()) is not None


def is_stock(image: HtmlElement) -> bool:
    """Whether a picture comes from a service that serves buttons, badges or the portraits of who has an account."""
    return markup().stock.search((image.get("src") or "")[:400].lower()) is not None
