"""Links that show nothing, and those around a sentence that a click would share."""

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from syndicate.model import Cut
from syndicate.normalize.tree import INLINE, text_of
from syndicate.strip.document import Document
from syndicate.strip.families import matching
from syndicate.strip.links import kind_of
from syndicate.strip.verdicts import is_sentence
from syndicate.strip.wording import Wording

_BUTTONS = frozenset({"share", "comments"})
_SENTENCE = 6  # words: no button says as many and ends as a sentence


def remove(document: Document, page: str) -> Iterator[Cut]:
    """Take links without text, picture or player out of a document; yield a record of those that were buttons.

    A link that shares the sentence which it holds is no button: the sentence stays, on a line of its own.
    """
    hollow: list[HtmlElement] = []
    for link in list(document.root.iter("a")):
        if said := text_of(link):
            if kind_of(link, page) == "share" and _is_quotation(said):
                _part(link)
                link.drop_tag()
        elif next(link.iter("br"), None) is None:
            hollow.append(link)
    document.prune(hollow)
    for link in hollow:
        if link.getparent() is None and kind_of(link, page) in _BUTTONS:
            html = str(etree.tostring(link, encoding="unicode", method="html", with_tail=False))[:1000]
            yield Cut("", "share", "markup a", (link.get("href") or "")[:200], html=html)


def _is_quotation(text: str) -> bool:
    """Whether it is a sentence of the article, to be shared: no call for it."""
    return len(text.split()) >= _SENTENCE and is_sentence(text) and not matching(Wording(text))


def _part(link: HtmlElement) -> None:
    """End the line behind a link where anything follows on it: the button that shares it, too."""
    last = link
    while not (last.tail or "").strip() and last.getnext() is None and last.getparent().tag in INLINE:
        last = last.getparent()
    if (last.tail or "").strip() or last.getnext() is not None:
        line = last.makeelement("br")
        line.tail, last.tail = last.tail, None
        last.addnext(line)
