"""The article inside a web page: its main container, with structure kept and the page's furniture gone."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from syndicate.errors import UnreadableError
from syndicate.ingest.likeness import is_told
from syndicate.ingest.readers.page import tree
from syndicate.ingest.readers.page.beside import lead, notes
from syndicate.ingest.readers.page.container import ENOUGH, choose, find_heading
from syndicate.ingest.readers.page.deck import find_deck
from syndicate.ingest.readers.page.judge import judge
from syndicate.ingest.readers.page.metadata import Metadata, read_metadata
from syndicate.ingest.readers.page.prune import is_kept, left_out, prune
from syndicate.ingest.readers.page.signs import Signs, read_signs
from syndicate.ingest.readers.page.survey import survey
from syndicate.model import Cut
from syndicate.normalize.kept import Kept, nothing
from syndicate.text import legal

_KEPT = frozenset(  # attributes that say something of the content
    """
    href src srcset sizes alt title width height class id datetime cite lang dir colspan rowspan type poster loading
    itemprop start reversed value scope headers abbr media videoid playlabel
    """.split()  # noqa: SIM905 - thirty names read better as a sentence
)
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article found on a page.

    `html` is its body as a fragment, not yet sanitized but without scripts, handlers and styles; it begins with the
    `deck` (plain text, "" if there is none) as a paragraph of class "deck" and the pictures that stand above the body.
    `title` is the headline as plain text. `signs` are what the markup says of its authors and dates. `cuts` are the
    boxes that stood inside the body and were taken out, or behind it in its `article` and were not taken along; their
    offsets are not known.
    """

    html: str
    title: str = ""
    deck: str = ""
    cuts: tuple[Cut, ...] = ()
    signs: Signs = field(default_factory=Signs)


def extract(page_html: str, url: str) -> Extracted:
    """Find the article in a page.

    Raises UnreadableError when the page holds none, is empty, too large or no markup.
    """
    root = tree.parse(page_html, url)
    return find_article(root, read_metadata(root, url), url)


def find_article(root: etree._Element, about: Metadata, url: str, kept: Kept = nothing) -> Extracted:
    """Find the article in a parsed page, which is taken apart on the way; `about` is what the page says of itself.

    Boxes that are `kept` stay in it.
    Raises UnreadableError when the page holds none.
    """
    tree.silence(root)
    body = tree.body_of(root, url)
    seen = survey(body, about.link or url)
    heading = find_heading(seen, body, about.title)
    judge(seen, body, heading)
    best = choose(seen, body, heading)
    signs = read_signs(seen, heading, best, about.base)
    prose = seen.prose(best)
    shown = "" if prose < 25 else " ".join(block.text for block in seen.inside(best))
    if len(about.body) > max(2 * seen.size(best), ENOUGH) and (not shown or is_told(about.title, shown, about.body)):
        return _structured(about, signs)
    if prose < 25:
        raise UnreadableError(f"{url or 'the page'}: no article was found on it, only scraps and links")
    deck = " ".join(block.text for block in find_deck(seen, heading, best, about.summary))
    above = lead(seen, heading, best)
    below, left = notes(seen, heading, best, partial(is_kept, kept, about.title))
    cuts = prune(seen, best, about.title, kept, above)
    cuts += tuple(cut for note in below for cut in prune(seen, note, about.title, kept))
    cuts += tuple(map(left_out, left))
    return Extracted(_render([*above, best, *below], deck), about.title, deck, cuts, signs)


def _structured(about: Metadata, signs: Signs) -> Extracted:
    """The article as the page's structured data tell it, where the markup holds less than half of it."""
    lines = [line for line in _LINES.split(about.body.strip()) if line]
    return Extracted("".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines), about.title, signs=signs)


def _render(parts: Iterable[etree._Element], deck: str) -> str:
    """The parts of the article as markup, in their order, below its deck."""
    pieces = [f'<p class="deck">{html.escape(deck, quote=False)}</p>'] if deck else []
    for part in parts:
        for element in part.iter(etree.Element):
            for name, value in list(zip(map(str, element.keys()), map(str, element.values()), strict=True)):
                if name not in _KEPT and (not name.startswith("data-") or len(value) > 2000):
                    del element.attrib[name]
        pieces.append(legal(str(etree.tostring(part, encoding="unicode", method="html", with_tail=False))))
    return "".join(pieces)
