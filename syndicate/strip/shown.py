"""Pictures beside what went: those that led where it led go along, those of the article stay."""

from collections.abc import Collection, Iterator, Mapping

from lxml.html import HtmlElement

from syndicate.normalize.pictures import is_icon, leads_nowhere
from syndicate.strip.links import kind_of


def goes_along(media: HtmlElement, page: str) -> bool:
    """Whether what a block shows goes with its words: a photograph that leads nowhere merely stands beside them."""
    return media.tag not in {"img", "picture"} or is_icon(media) or _leads_away(media, page)


def orphans(root: HtmlElement, led: Mapping[str, Collection[HtmlElement]], page: str) -> Iterator[HtmlElement]:
    """Yield pictures of a box of which no word is left, and that lead where what went from it `led`.

    `led` has the elements around each block that went, by the addresses it led to; the article is at `page`.
    """
    silent: dict[HtmlElement, bool] = {root: False}
    for picture in root.iter("img") if led else ():
        if not _leads_away(picture, page):
            continue
        around = led.get(next(picture.iterancestors("a")).get("href", ""), ())
        box = next((one for one in picture.iterancestors() if one in around), root)
        if box not in silent:
            silent[box] = not any(text.strip() for text in box.itertext())
        if silent[box]:
            yield picture


def _leads_away(picture: HtmlElement, page: str) -> bool:
    """Whether a picture is a link to another page than the article's."""
    return not leads_nowhere(picture) and kind_of(next(picture.iterancestors("a")), page) not in {"self", "place"}
