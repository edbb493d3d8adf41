"""From blocks to verdicts: which block goes, by which rule or evidence, and which is left for an admin to judge."""

import re
from collections.abc import Sequence
from itertools import pairwise

from syndicate.normalize.tree import HEADINGS
from syndicate.strip import (
    cards,
    closing,
    copies,
    endings,
    forms,
    headed,
    leftovers,
    neighbours,
    readings,
    recurrence,
    spared,
    styles,
)
from syndicate.strip.blocks import HIDDEN, Block
from syndicate.strip.dress import is_credit
from syndicate.strip.hearing import hear
from syndicate.strip.links import widget
from syndicate.strip.memory import fingerprint
from syndicate.strip.neighbours import placed
from syndicate.strip.verdicts import INNER, Judged, Scene

_ROUNDS = 3
_LONG = 300  # characters
_MUTE = -1.0  # log odds
_BEFORE_BIO, _LONGEST_BIO = 2, 70  # paragraphs of prose, and words
_LIVES = re.compile(
    r" (?:is|was|has|writes|lives|covers|reports|works|teaches|ist|schreibt|lebt|arbeitet|es|escribe|vive|est|ecrit|vit"
    r"|e|scrive|schrijft|woont|ar|skriver|er|jest|pisze|mieszka|живет|пишет|работает|пише)\b"
)
_HALF_LINK = 0.5
_OWED = ("copyright", "syndication")
_MOST = 0.5  # share of the prose that stands above the boilerplate that closes an article


def judge(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return each block with its verdict, in order, and after them the sentences cut out of blocks that stay."""
    judged = read(blocks, scene)
    _complete(judged, scene)
    spared.come_back(judged)
    leftovers.headings(judged)
    shortened = endings.spare(judged, scene)
    for item in judged:
        _doubt(item)
    return [*judged, *endings.sentences(judged, shortened, scene)]


def _complete(judged: list[Judged], scene: Scene) -> None:
    """Read the blocks a second time, and cut what is left of what went; again while that goes on, three times at most.

    Each cut changes what stands around the rest, for the second reading as for the neighbours.
    """
    for _ in range(_ROUNDS):
        readings.read_again(judged, scene)
        gone = [item.family for item in judged]
        neighbours.boxes(judged)
        neighbours.between(judged)
        headed.standing_heads(judged)
        cards.torn(judged)
        leftovers.lists(judged)
        leftovers.menus(judged)
        leftovers.remains(judged)
        recurrence.beside(judged, scene)
        if gone == [item.family for item in judged]:
            return


def read(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return the blocks as the first reading judges them: admin, rules, memory, neighbours and scorer."""
    judged = settle(blocks, scene)
    readings.reconsider(judged, scene)
    readings.by_score(judged, scene)
    neighbours.between(judged)
    return judged


def settle(blocks: Sequence[Block], scene: Scene) -> list[Judged]:
    """Return the blocks as admin, rules, memory and neighbours judge them; what is still open is the scorer's."""
    judged = hear(blocks, scene)
    for item in judged:
        _judge_alone(item, scene)
    styles.leaked(judged, scene)
    _judge_together(judged)
    _look_beyond(judged)
    return judged


def _judge_alone(item: Judged, scene: Scene) -> None:
    """Judge a block by what an admin, its markup, the rules and its source's memory say of it."""
    _by_admin(item, scene)
    if item.family or item.kept or item.fact:
        return
    _by_markup(item)
    if item.rules and not item.protected:
        _by_rule(item, scene)
    _by_author(item, scene)
    if not item.family and scene.memory.articles > 1 and not item.protected:
        recurrence.judge(item, scene)


def _judge_together(judged: list[Judged]) -> None:
    """Judge the blocks by those around them; the order matters, for each step builds on those before it."""
    _hidden(judged)
    neighbours.named_boxes(judged)
    neighbours.sign_ups(judged)
    neighbours.rows(judged)
    neighbours.facts(judged)
    neighbours.pieces(judged)
    headed.sections(judged)
    headed.headlines(judged)
    headed.subheads(judged)
    neighbours.pointers(judged)
    cards.amid(judged)
    copies.duplicates(judged)
    neighbours.buttons(judged)
    neighbours.signatures(judged)
    neighbours.boxes(judged)
    neighbours.addressed(judged)
    neighbours.between(judged)
    closing.tags(judged)
    closing.discussion(judged)
    closing.contents(judged, neighbours.homes_of(judged))


def _look_beyond(judged: list[Judged]) -> None:
    """Note what follows the boilerplate that closes an article: two pieces on end, most of the prose above.

    Controls and credits close nothing: they stand beside pictures, players and recipes, too; nor does a pointer to one
    other story, which stands anywhere.
    """
    total = sum(len(item.block.text) for item in judged if item.prose)
    above, closed, pieces = 0, False, 0
    for item, following in pairwise(judged):
        above += len(item.block.text) if item.prose and not item.family else 0
        pieces = pieces + 1 if item.family not in INNER else 0
        ends = pieces and following.family not in INNER and above >= _MOST * total > 0
        closed = closed or bool(ends and (pieces > 1 or {item.family, following.family} != {"related"}))
        following.beyond = closed


def _by_admin(item: Judged, scene: Scene) -> None:
    """Do what an admin ruled on a block, and what the rules of the house say of it."""
    rulings, text = scene.rulings, item.block.text
    if item.kept or not rulings:
        return
    if rulings.keeps(text, scene.title):
        item.kept = True
    elif {fingerprint(text), fingerprint(text, scene.title)} & rulings.cut:
        item.cut("ruling", "admin", evidence="an admin ruled that this block is cut")
    elif rule := rulings.house_rule(text):
        item.cut(rule.family, "admin", f"house rule {rule.key}", rule.text)


def _hidden(judged: list[Judged]) -> None:
    """Cut a mail's preview, and links for search engines, which their author does not show.

    Other hidden text stays: it may be an answer to be unfolded, or all of it be shown by a script.
    """
    if all(HIDDEN in item.block.classes for item in judged):
        return
    for item in judged:
        preview = not item.block.start and len(item.block.text) <= _LONG
        is_open = not (item.family or item.kept)
        if is_open and HIDDEN in item.block.classes and (preview or item.block.linked > _HALF_LINK):
            item.cut("hidden", "markup", "markup hidden", "its author does not show it")


def _by_markup(item: Judged) -> None:
    """Cut what its author's classes and elements call a widget, a control or a picture's credit."""
    family = widget(item.block.classes) if item.block.classes and len(item.block.text) < 300 else ""
    if family:
        item.cut(family, "markup", "markup class", " ".join(sorted(item.block.classes))[:200])
    elif item.block.tags & {"button", "select", "textarea", "option"}:
        item.cut("form", "markup", "markup form", "a control of a form")
    elif "figure" in item.block.tags and is_credit(item.block):
        item.cut("credit", "markup", "markup class", "its author calls it a credit")


def _by_rule(item: Judged, scene: Scene) -> None:
    """Let the first rule that fits cut a block, or one that needs no second opinion where there is one."""
    fit = [rule for rule in item.rules if not rule.row and placed(rule, item)]
    for rule in sorted(fit, key=lambda rule: not rule.sure):
        listed = item.block.tag == "li" or item.block.tag in HEADINGS
        if rule.family == "credit" and (listed or forms.names_nobody(item)):
            continue  # a list of pictures, what stands below, or a page of them
        if rule.family == "related" and forms.is_reference(item):
            continue  # a devotion's reading, a book
        if rule.family == "contact" and (forms.is_directed(item) or forms.is_press_contact(item)):
            continue  # somebody else is to be turned to
        if rule.family in _OWED and readings.opens_otherwise(item, scene):
            continue  # only its end goes
        if not rule.sure and (item.loudness < readings.DOUBTFUL or readings.tells_first(item, scene)):
            item.ask(rule.family, "rule", f"rule {rule.name}", "it does not sound like boilerplate")
            continue
        item.cut(rule.family, "rule", f"rule {rule.name}")
        item.label, item.pitch = rule.label, rule.pitch
        item.sure = rule.sure or (bool(rule.links) and item.loudness > _MUTE)
        heads = item.announces and rule.family not in INNER
        item.section = (rule.section and len(item.reading.words) <= 8) or heads
        return


def _by_author(item: Judged, scene: Scene) -> None:
    """Take a paragraph about the author below an article for what it is: the author's biography."""
    if item.family or item.player or item.after or item.before < _BEFORE_BIO or item.reading.size > _LONGEST_BIO:
        return
    folded = item.reading.folded
    name = next((name for name in scene.slots.author if folded.startswith(name)), "")
    if name and _LIVES.match(folded, len(name)):
        item.cut("bio", "form", "speaks of the author below the article", name)


def _doubt(item: Judged) -> None:
    """Put before an admin what a rule describes, but not where it stands."""
    rule = next((rule for rule in item.rules if not rule.row and not rule.section), None)
    if rule is not None and not item.family and not item.protected and not item.doubt.family:
        item.ask(rule.family, "rule", f"rule {rule.name}", "it stands in the middle of the article")
