"""Verdicts that a block owes to its neighbours: rows of buttons, boxes, links that stand alone, signatures."""

import re
from collections import Counter
from itertools import groupby, pairwise, takewhile

from lxml import etree
from lxml.html import HtmlElement

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.families import Rule
from syndicate.strip.links import box
from syndicate.strip.verdicts import CUT_OFF, INNER, Judged
from syndicate.strip.wording import Wording
from syndicate.strip.words import split

_ROW, _SURE_ROW = 2, 3  # blocks on end that count only in company are a row; more need no second opinion
_PROFILES = 18  # blocks
_BOX = 500  # characters
BOXES = frozenset({"div", "aside", "section", "form", "footer", "nav"})
_FACTS, _FACT = 3, 45  # lines on end, and characters
_FACT_LINE = re.compile(r"\W{0,3}[^\W\d]\w{0,13}(?: \w{1,14}){0,2} ?[:：] ?\S{1,24}(?: \S{1,20}){0,3}(?<![?!…])")
_ADDRESS = 5  # lines
_POINT = re.compile(r"\([a-zA-Z]\)\s*\w")
_GOES_ON = re.compile(r"[,;:)]\s|[.](?:\s|$)")
REACHED = re.compile(r"https?:|www\.|@|\d[\d /()-]{6,}\d")  # addresses and numbers of telephones
_LISTED = HEADINGS | {"li", "td", "th", "dt", "dd", "pre"}
POINTER = 170  # characters
FILE = re.compile(r"\.(?!html?\b|php\b|aspx?\b|jsp\b|cgi\b|com\b|org\b|net\b)[a-z][a-z0-9]{1,4}(?:\?|$)")
_REACH = {"any": 10_000, "near": 3, "edge": 1}
_MAILED = etree.XPath("boolean(.//input[@type='email' or contains(translate(@name, 'EMAIL', 'email'), 'email')])")
_WRITTEN = etree.XPath("boolean(.//textarea) or count(.//input[not(@type) or @type = 'text' or @type = 'tel']) > 2")
_NAMED = 2  # words of a person's name


def placed(rule: Rule, item: Judged) -> bool:
    """Whether a block stands where a rule wants it to."""
    if rule.place in _REACH:
        return min(item.before, item.after) <= _REACH[rule.place]
    return (item.before if rule.place == "head" else item.after) <= 1


def rows(judged: list[Judged]) -> None:
    """Cut what only counts in company where it stands beside other boilerplate or in a row of its like.

    Nobody has so many profiles that more than a dozen and a half are a row to follow: they are what the article lists.
    """
    fit = [next((rule for rule in item.rules if rule.row and placed(rule, item)), None) for item in judged]
    if sum(rule is not None and rule.family == "follow" for rule in fit) > _PROFILES:
        fit = [rule if rule is None or rule.family != "follow" else None for rule in fit]
    for order in (range(len(judged)), range(len(judged) - 1, -1, -1)):
        for index in order:
            rule, item = fit[index], judged[index]
            if rule is None or item.family or item.protected:
                continue
            beside = [place for place in (index - 1, index + 1) if 0 <= place < len(judged)]
            row = sum(fit[place] is not None for place in range(max(index - 2, 0), min(index + 3, len(judged))))
            if any(judged[place].family for place in beside) or row >= _ROW or item.block.linked > 0.8:
                item.cut(rule.family, "rule", f"rule {rule.name}")
                item.sure = rule.sure and row >= _SURE_ROW


def facts(judged: list[Judged]) -> None:
    """Note lines of a box of facts ("Author: ...", "Pages: ..."): three on end, each with a label of its own."""
    for told, group in groupby(judged, key=_tells_a_fact):
        items = list(group) if told else []
        if len({item.reading.folded.split(":")[0] for item in items}) >= _FACTS:
            for item in items:
                item.fact = True


def points(judged: list[Judged]) -> None:
    """Note the points of a list that are counted with letters in brackets; "(c)" is no copyright sign there."""
    run: list[Judged] = []
    for item in [item for item in judged if _POINT.match(item.block.text)]:
        at = ord(item.block.text[1].lower()) - ord("a")
        run = [*run, item] if at == len(run) else [item][at:]
        for point in run if len(run) >= _FACTS else ():
            point.fact, point.rules = True, ()
            said = point.reading
            point.reading = Wording(point.block.text[3:], linked=said.linked, links=said.links, slots=said.slots)


def _tells_a_fact(item: Judged) -> bool:
    text = item.block.text
    fits = item.breadth <= _FACT and not item.family and not item.rules and not item.reading.cues
    return fits and _FACT_LINE.fullmatch(text) is not None and REACHED.search(text) is None


def pieces(judged: list[Judged]) -> None:
    """Note the pieces of a sentence that a source has set on lines of their own: the next one goes on with a comma."""
    for item, below in pairwise(judged):
        if below.block.text[0] in ",;:)." and _GOES_ON.match(below.block.text) and not item.sentence:
            item.piece = below.piece = True


def pointers(judged: list[Judged]) -> None:
    """Cut a paragraph between two of the article's that is nothing but a link to another page of the same site.

    It is another story's title, or a button. A link introduced by a colon belongs to what introduces it, one that goes
    to a place in the article is its table of contents, and one that leads to a file is what the article gives away.
    """
    for above, item, below in zip(judged, judged[1:], judged[2:], strict=False):
        if above.prose and below.prose and not above.announces and _points(item):
            item.cut("related", "form", "pointer", "a paragraph that only links to another page of the site")


def _points(item: Judged) -> bool:
    """Whether a block stands alone and consists of one link to a page of the same site."""
    links = item.block.links
    if item.family or item.protected or item.block.linked < 0.95 or len(links) != 1 or item.reading.kinds != {"in"}:
        return False
    address = (links[0].get("href") or "").lower()
    whole = not item.block.text[0].islower() and not item.block.text.endswith(CUT_OFF)
    alone = _LISTED.isdisjoint(item.block.tags) and item.breadth < POINTER and whole
    return alone and address.startswith("http") and "#" not in address and not FILE.search(address)


def signatures(judged: list[Judged]) -> None:
    """Cut the source's name where it stands alone at the end, or below other boilerplate."""
    owners = [item.reading for item in judged if item.family == "copyright"]
    names = {word for reading in owners for word in reading.words if f" {word.capitalize()}" in f" {reading.text}"}
    for index in range(len(judged) - 1, 0, -1):
        item = judged[index]
        if item.family or not item.reading.words:
            continue
        named = {word for place, word in enumerate(item.reading.words) if place in item.reading.named}
        others = set(item.reading.words) - named - names
        above = judged[index - 1]
        if len(item.reading.words) > 6 or item.protected or item.prose or not (named or names - others):
            return
        if (not above.family and above.greets) or _signs(item.reading):
            item.piece = True  # the end of a letter
            return
        if not others or (above.family and len(others) <= 1 and not item.sentence):
            item.cut("sitename", "rule", "rule site-name", "the source's name alone at the end")
        else:
            return


def _signs(reading: Wording) -> bool:
    """Whether it is the name of one of the article's authors, or a part of one; houses have longer names."""
    own = len(reading.words) <= _NAMED
    return own and any(set(reading.words) <= set(split(author)) for author in reading.slots.author)


def named_boxes(judged: list[Judged]) -> None:
    """Cut small boxes that their author named for what they are; a name on the whole article says nothing."""
    total = sum(len(item.block.text) for item in judged)
    for family, group in groupby(judged, key=lambda item: box(item.block.classes) if item.block.classes else ""):
        items = list(group) if family else []
        if 0 < sum(len(item.block.text) for item in items) <= min(_BOX, total / 2):
            for item in items:
                if not item.family and not item.protected:
                    item.cut(family, "markup", "markup box", "a box that its author named so")


def sign_ups(judged: list[Judged]) -> None:
    """Cut what a small form says that asks for an address of mail, and hardly for more: it is for a newsletter."""
    total = sum(len(item.block.text) for item in judged)
    for form, group in groupby(judged, key=_form):
        items = list(group)
        if form is None:
            continue
        small = 0 < sum(len(item.block.text) for item in items) <= min(_BOX, total / 2)
        if small and not any(item.prose for item in items) and _MAILED(form) and not _WRITTEN(form):
            for item in items:
                if not item.family and not item.protected:
                    item.cut("newsletter", "markup", "markup form", "a form that asks for an address of mail")


def _form(item: Judged) -> HtmlElement | None:
    container = item.block.container
    around = (container, *container.iterancestors()) if "form" in item.block.tags else ()
    return next((element for element in around if element.tag == "form"), None)


def buttons(judged: list[Judged]) -> None:
    """Cut a short linked label that stands more than once in the article: it is a button, not a sentence."""
    labels = [_label(item) for item in judged]
    counts = Counter(label for label in labels if label)
    for item, label in zip(judged, labels, strict=True):
        if counts[label] > 1 and not item.family and not item.protected:
            item.cut("cta", "form", "repeated button", f"{counts[label]} times in the article")
            item.sure = True


def _label(item: Judged) -> str:
    """Return the words and the address of a short linked label, "" for anything else."""
    if item.reading.size > 4 or item.block.linked <= 0.9 or "out" in item.reading.kinds or "li" in item.block.tags:
        return ""
    address = item.block.links[0].get("href", "")
    return "" if "#" in address else f"{item.block.text.casefold()} {address}"  # "#": a table of contents


def boxes(judged: list[Judged]) -> None:
    """Cut the rest of a box (an element of its own, without prose) when much of what it says was cut."""
    homes = homes_of(judged)
    for parent, group in groupby(judged, key=lambda item: item.block.container.getparent()):
        items = list(group)
        size = sum(len(item.block.text) for item in items)
        gone = sum(len(item.block.text) for item in items if item.family)
        if not 0 < gone < size <= _BOX or gone < 0.4 * size or not homes or parent in homes or parent.tag not in BOXES:
            continue
        family = next(item.family for item in items if item.family)
        for item in items:
            if not item.family and not item.protected and not item.prose:
                item.cut(family, "box", "box of boilerplate")


def homes_of(judged: list[Judged]) -> set[HtmlElement]:
    """Return the elements in which, at whatever depth, a paragraph of prose stands."""
    homes: set[HtmlElement] = set()
    for item in judged:
        for home in item.block.container.iterancestors() if item.prose else ():
            if home in homes:
                break  # and so are all around it
            homes.add(home)
    return homes


def addressed(judged: list[Judged]) -> None:
    """Cut the few short lines between a label of a mail and its call: the postal address of who sends it."""
    for at, label in enumerate(judged):
        if label.family != "newsletter" or not label.announces:
            continue
        lines = list(takewhile(_is_line, judged[at + 1 : at + 2 + _ADDRESS]))
        below = judged[at + 1 + len(lines)] if at + 1 + len(lines) < len(judged) else None
        if len(lines) <= _ADDRESS and below is not None and below.family == "newsletter":
            for line in lines:
                line.cut("newsletter", "neighbours", "between pieces of boilerplate")
                line.sure = True


def _is_line(item: Judged) -> bool:
    return not (item.family or item.protected or item.block.links) and item.breadth <= _FACT and item.after == 0


def between(judged: list[Judged]) -> None:
    """Cut what is left between two pieces of boilerplate, or below the last one, and comes back or is short."""
    for index in range(1, len(judged)):
        item, above = judged[index], judged[index - 1]
        below = judged[index + 1] if index + 1 < len(judged) else None
        if item.family or not above.family or (below is not None and not below.family) or item.protected:
            continue
        if item.doubt.family == "repeated":
            item.cut(*item.doubt)
        elif below is not None and above.family == below.family and above.family not in INNER and item.listable:
            item.cut(above.family, "neighbours", "between pieces of boilerplate")
