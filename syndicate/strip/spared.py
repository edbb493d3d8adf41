"""What comes back in the end: lists, rows and terms that are the article, pleas, torn cards, the last that is left."""

import re
from itertools import groupby, pairwise, takewhile

from lxml.html import HtmlElement

from syndicate.normalize.tree import HEADINGS
from syndicate.strip.forms import PRESS, comes_back
from syndicate.strip.neighbours import BOXES, REACHED
from syndicate.strip.programmes import is_appointed, is_dated
from syndicate.strip.verdicts import HEARD, By, Judged

_LEARNED: frozenset[By] = HEARD | {"neighbours", "beside"}
_REFUTABLE: frozenset[By] = _LEARNED | {"rule"}
_PLACED: frozenset[By] = _LEARNED | {"heading"}
_HEADING = frozenset({"related", "readmore", "nav", "tags", "comments"})  # what stands above lists of others
_BOXED, _LISTED, _QUIET = 5, 5, -0.5  # lines of a short box, and of a list; log odds of a list
_SPEAKING = frozenset({"us", "you"})
_CALM, _IN_BOXES = 0.25, 30  # log odds, and blocks
_CARD, _LINES = 60, 7  # characters of a line on a visiting card, and lines
_ROWS, _ROW = 3, 80  # lines on end, and characters
_WHOLLY = 0.9  # share of links, from which a line is nothing but one
_DATED = "day"  # how the lines of a calendar are made
_TITLE = 4  # words
_WORDS, _FIGURE = re.compile(r"[^\W\d_]+(?:[\s'’.-]+[^\W\d_]+)*"), re.compile(r"\d+(?:[.,]\d+)*")
_COUNTED = re.compile(r"\W?(\d{1,2})\s?[.)．、）:：]")  # a point of a list, or a subhead with its number
_A_LIST, _MOST = 12, 0.5  # blocks, and the share of an article's text
_UNMISTAKABLE = 4.0  # log odds
_SALUTATION = re.compile(
    r"(?:my )?(?:dear|beloved|liebe[rs]?|chere?s|querid[oa]s?|estimad[oa]s?|car[ie]|carissim[ie]|dragi|drodzy|kochani"
    r"|beste|geliefde|kara|kjaere|kaere|rakkaat|mili|kedves|дорог(?:ие|ой)|дорогі|αγαπητ\w+)\b[^.!?]{2,60}[,:!]$"
)


def come_back(judged: list[Judged]) -> None:
    """Take back what the article can't do without, the last that is left of it at the end."""
    for step in (lists, quiet, pleas, cards, rows, counted, resumed, terms, ways, something):
        step(judged)


def lists(judged: list[Judged]) -> None:
    """Take back what only the learned readings and its neighbours speak against where that is most of an article.

    Block by block, each item of a long list of links looks like a link to another story; the list is the article. In a
    text without links, such a run is the menu of the page that it was copied from.
    """
    learned = [item for item in judged if item.family and not item.sure and item.by in _LEARNED]
    total = sum(len(item.block.text) for item in judged)
    if len(learned) <= _A_LIST or learned[0].plain or sum(len(item.block.text) for item in learned) <= _MOST * total:
        return
    for item in learned:
        item.take_back("most of the article would go")


def quiet(judged: list[Judged]) -> None:
    """Take back a list below a text without links, or below a short box, of which no line sounds like boilerplate.

    Each line stands where boilerplate does; that all of them are quiet, and as a whole clearly so, tells of a list of
    the article's: ingredients, results, verses.
    """
    since = _BOXED + 1  # lines since the article's last paragraph
    for heard, group in groupby(judged, key=_is_quiet):
        lines = list(group)
        loudness = sum(line.loudness for line in lines) / len(lines)
        for line in lines if heard and since <= _BOXED and len(lines) >= _LISTED and loudness <= _QUIET else ():
            if line.family:
                line.take_back("no line of the list sounds like boilerplate")
        for line in lines:
            since = 0 if line.prose and not line.family else since + 1 + _BOXED * (line.family in _HEADING)


def _is_quiet(item: Judged) -> bool:
    """Whether a line says nothing that boilerplate says, does not come back, and if it went, went for its place."""
    placed = not item.family or (item.by in _PLACED and not item.sure)
    if not (item.plain and placed) or item.loudness > _CALM or item.prose:
        return False
    return not (item.rules or item.reading.cues or comes_back(item))


def pleas(judged: list[Judged]) -> None:
    """Take back what a letter asks its readers to give, where only the learned readings speak against it.

    A bishop's letter, or a mission's, is a plea; an appeal of the house that prints it leads to a page, or is described
    by a rule.
    """
    letter = next((_SALUTATION.match(item.reading.folded) for item in judged if not item.family), None)
    for item in judged if letter else ():
        if item.family == "donate" and item.sentence and item.by in _LEARNED and not item.block.links:
            item.take_back("the article is a letter that asks for it")


def cards(judged: list[Judged]) -> None:
    """Take back what went of a card that says whom to call about a release, where any line of it stays."""
    for at, label in enumerate(judged):
        below = judged[at + 1 : at + 1 + _LINES] if _calls_for_card(label) else []
        card = [label, *takewhile(_is_on_card, below)]
        named = len(card) > 1 and not card[1].rules and REACHED.search(card[1].block.text) is None
        torn = named and any(REACHED.search(line.block.text) for line in card) and not all(line.family for line in card)
        gone = [line for line in card if line.family]
        if torn and all(line.by in _REFUTABLE for line in gone):
            for line in gone:
                line.take_back("the card that it stands on stays")


def _calls_for_card(item: Judged) -> bool:
    return item.breadth <= _CARD and (item.announces or any(rule.name == PRESS for rule in item.rules))


def _is_on_card(item: Judged) -> bool:
    """Whether it may stand on a visiting card: a name, a role, a house, or the number or address to reach one at."""
    text = item.block.text
    if item.breadth > _CARD or item.block.links or item.sentence:
        return False
    named = text[0].isupper() and not item.rules and not item.announces
    return named or REACHED.search(text) is not None


def rows(judged: list[Judged]) -> None:
    """Take back single lines of a run that are made alike, with figures in each: results, prices, hours.

    What most of such lines say is what the others say, too, however one of them sounds. A calendar or a rota, which
    has a day before each line, comes back however much of it went.
    """
    for make, group in groupby(judged, key=_make):
        lines = list(group) if make else []
        gone = [line for line in lines if line.family]
        alike = len(lines) >= _ROWS and (make == _DATED or len(gone) < len(lines))
        for line in gone if alike else ():
            if not line.sure and line.by in _LEARNED:
                line.take_back("the lines that are made like it stay")
    for above, line in pairwise(judged):
        heads = above.family and above.by in HEARD and above.reading.size <= _TITLE and not above.block.links
        if heads and not line.family and (is_dated(line) or is_appointed(line)):
            above.take_back("it heads a programme that stays")


def counted(judged: list[Judged]) -> None:
    """Take back a line that counts on between those of the numbers before and behind it that stay."""
    numbered = [(int(found[1]), item) for item in judged if (found := _COUNTED.match(item.block.text))]
    for (before, above), (number, line), (behind, below) in zip(numbered, numbered[1:], numbered[2:], strict=False):
        torn = before + 1 == number == behind - 1 and line.family and not (above.family or below.family)
        if torn and not line.sure and line.by in _LEARNED:
            line.take_back("what is counted before and behind it stays")


def _make(item: Judged) -> str:
    """How a short line with figures is made: its signs, with one for each figure and one for each run of words."""
    text = item.block.text
    if any(map(str.isdigit, text)) and is_dated(item):
        return _DATED
    if item.breadth > _ROW or item.block.links or not any(map(str.isdigit, text)):
        return ""
    return _FIGURE.sub("9", _WORDS.sub("a", text))


def resumed(judged: list[Judged]) -> None:
    """Take back quiet sentences, set as paragraphs are, with which an article goes on behind a box within it.

    A form, or a box of the publisher's, directly below the article's prose closes nothing: what follows it stands
    between its paragraphs, or is the last of them, however short.
    """
    told, behind, since = False, False, list[Judged]()  # the article above; right behind a box; what stood since
    for item in judged:
        boxed = told and 0 < len(since) <= _IN_BOXES and all(_is_boxed(one, item) for one in since)
        goes_on = _may_go_on(item) and (boxed or (behind and not since))
        if item.family and goes_on and not item.sure and item.by in HEARD:
            item.take_back("it goes on with the article behind a box")
        if not item.family and (item.prose or goes_on):
            told, behind, since = True, goes_on, []
        else:
            since.append(item)


def _may_go_on(item: Judged) -> bool:
    """Whether it is a calm sentence without links, in a paragraph of its own that nobody gave a name.

    A house that speaks of what boilerplate speaks of ("We close comments after three days.") is not the article.
    """
    text, box, reading = item.block.text, item.block.container, item.reading
    calm = item.sentence and item.loudness <= _CALM and not text[0].islower() and not item.rules
    plain = calm and not item.block.links and box.tag == "p" and not box.get("class")
    return plain and not (reading.cues and not _SPEAKING.isdisjoint(reading.concepts))


def _is_boxed(other: Judged, item: Judged) -> bool:
    """Whether a block stands in a box beside a paragraph."""
    box, parent = other.block.container, item.block.container.getparent()
    around = next((one for one in (box, *box.iterancestors()) if one.getparent() is parent), None)
    return around is not None and around.tag in BOXES


def terms(judged: list[Judged]) -> None:
    """Take back the terms of a list of definitions where what each says of its term stays: "Share", "Votes".

    Where one definition stays, so do those that only sound like boilerplate.
    """
    homes = dict.fromkeys(map(_definitions, judged))
    lists = {home for home in homes if home is not None and len(home.findall("dt")) > 1}
    for home, group in groupby(judged, key=_definitions):
        said = [item for item in group if item.block.container.tag == "dd" and not item.block.links]
        stay = home in lists and not all(item.family for item in said)
        for item in said if stay else ():
            if item.family and item.by in HEARD:
                item.take_back("the list that it stands in stays")
    for item, below in pairwise(judged):
        home, paired = _definitions(item), item.block.container.tag == "dt" and below.block.container.tag == "dd"
        listed = paired and home in lists and home is _definitions(below)
        if listed and item.family and not below.family and item.by != "admin" and not item.block.links:
            item.take_back("its definition stays")


def _definitions(item: Judged) -> HtmlElement | None:
    """Return the list of definitions of which a block is a term or what is said of one."""
    container = item.block.container
    return container.getparent() if container.tag in {"dt", "dd"} else None


def ways(judged: list[Judged]) -> None:
    """Take back what each part of a list ends in: links with the same words, each to a page of its own.

    No other way leads to what "Get the recipe" promises. What a rule describes is no such link.
    """
    alike: dict[str, list[tuple[int, Judged]]] = {}
    part = 0
    for item in judged:
        part += item.block.tag in HEADINGS and not item.family
        if len(item.block.links) == 1 and item.block.linked >= _WHOLLY and item.breadth <= _ROW:
            alike.setdefault(item.reading.folded, []).append((part, item))
    for group in alike.values():
        addresses = {item.block.links[0].get("href") for _, item in group}
        if len(group) >= _ROWS and len(addresses) == len({at for at, _ in group}) == len(group):
            for _, item in group:
                if item.family and item.by in _LEARNED and not item.rules:
                    item.take_back("each part of the list ends in such a link")


def something(judged: list[Judged]) -> None:
    """Never empty an article: if nothing is left, what sounds least like boilerplate comes back."""
    if any(not item.family for item in judged):
        return
    for item in judged:
        if item.loudness < _UNMISTAKABLE and not item.sure and item.by in _REFUTABLE:
            item.take_back("nothing else would be left of the article")
            item.stopgap = True
