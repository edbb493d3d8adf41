"""What the scorer and the forest make of what rules and neighbours cut, and of what they left open.

Both speak of what is not certain only: an admin's word, notes and credits of reporters, code, and rules that need no
second opinion stand.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from syndicate.strip import forms
from syndicate.strip.closing import is_headline
from syndicate.strip.features import features
from syndicate.strip.forest import Forest
from syndicate.strip.neighbours import REACHED
from syndicate.strip.scorer import family_of
from syndicate.strip.surroundings import Surroundings
from syndicate.strip.verdicts import SILENT, By, Judged, Scene, trace_of
from syndicate.strip.wording import Wording
from syndicate.strip.words import SENTENCE, breadth

_TOLD = -0.5  # log odds: a first sentence that sounds less like boilerplate is taken for a statement
DOUBTFUL = -2.0  # log odds: what sounds so little like boilerplate is not cut because a rule describes it
_PROSAIC = -2.5  # log odds: what sounds so much like an article is not read again
_REFUSED = 0.15  # chance of being boilerplate, below which no rule cuts
_REFUTED = 0.25  # the same for the second reading, which knows more
_LIKELY = 0.6  # chance that is enough for the second reading where something else speaks against a block, too
_SURE = 0.85  # chance from which it minds no first sentence that sounds like the article
_OPEN = 0.1  # chance of being boilerplate, from which a block that stays is read again
_MOST_BLOCKS, _LOOKS = 500, 6
_CERTAIN = (0.15, 0.97)
_DOUBTED: frozenset[By] = frozenset({"rule", "heading", "box", "neighbours"})  # their verdicts may be refused
_OPEN_AGAIN: frozenset[By] = _DOUBTED | {"scorer"}  # the same by the second reading
_AUDIBLE, _CLEAR, _LOUD = -0.3, 1.25, 2.0  # log odds
_BRACKETED = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]\W?")
_SUPPORT = ("cut above", "cut below", "seen again")
_OUTSIDE = ("cut above", "cut below", "end above", "end below")
# Where a copyright notice begins; and what else may stand before it: a sentence that ends, in words that are no name.
NOTICE = re.compile(r"(?:©|\bCopyright\s(?:©|\d{4}))")
_CLOSED, _STATED = frozenset('.!?…"”»)]'), 2
_ABOVE, _TITLE, _NEW = 2, 8, 0.6  # paragraphs, words of a title, and share of those that no paragraph has
_TITLED = 0.4  # chance of being boilerplate, from which such a title goes
_OPENING = 50  # characters: a shorter first sentence says little


def is_candidate(item: Judged) -> bool:
    """Whether the scorer may speak: the block was listened to, and stands at an edge or beyond, or sounds like it."""
    placed = item.beyond or min(item.before, item.after) == 0 or item.loudness > 0
    if not placed or item.loudness <= SILENT or item.raw or item.fact or item.piece:
        return False
    return not (item.protected or forms.tells(item))


def reconsider(judged: list[Judged], scene: Scene) -> None:
    """Take back what rules and neighbours cut where the scorer finds hardly anything that speaks for it.

    A sentence that went more than once in the same words comes back as often, or not at all.
    """

    def is_refused(at: int) -> bool:
        return scene.scorer.probability(features(judged, at, scene.memory, trace_of(judged[at], scene))) < _REFUSED

    places = defaultdict(list)
    for at, item in enumerate(judged):
        if item.family and not item.sure and not item.raw and item.by in _DOUBTED:
            places[item.block.text if item.sentence else str(at)].append(at)
    for alike in places.values():
        if all(map(is_refused, alike)):
            for at in alike:
                judged[at].take_back("it neither stands nor sounds like boilerplate")


def by_score(judged: list[Judged], scene: Scene) -> None:
    """Let the linear scorer judge what is left at the edges; it looks twice, since neighbours count."""
    cuts = 0
    known: dict[int, int] = {}  # how many cuts there were when a block was looked at
    for at in (*range(len(judged)), *reversed(range(len(judged)))):
        item = judged[at]
        if item.family or not is_candidate(item) or known.get(at) == cuts:
            continue
        known[at] = cuts
        found = features(judged, at, scene.memory, trace_of(item, scene))
        verdict = scene.scorer.verdict(found)
        if verdict == "cut" and _is_supported(item, found) and not _opens_as_prose(item, scene):
            item.cut(family_of(item.reading.concepts), "scorer", evidence=scene.scorer.reasons(found))
            cuts += 1
        elif verdict != "keep" and not item.doubt.family:
            item.ask(family_of(item.reading.concepts), "scorer", evidence=scene.scorer.reasons(found))


def look_again(judged: Sequence[Judged], scene: Scene) -> Surroundings:
    """Return what the second reading sees of the blocks, given the verdicts of the first."""
    described = [
        features(judged, at, scene.memory, trace_of(item, scene)) if item.family or item.loudness > _PROSAIC else {}
        for at, item in enumerate(judged)
    ]
    chances = [scene.scorer.probability(found) if found else 0.0 for found in described]
    return Surroundings(judged, described, chances, scene.memory)


def is_open(judged: Sequence[Judged], at: int, seen: Surroundings) -> bool:
    """Whether the second reading may change a verdict: what is certain, and what is clearly prose, stays as it is."""
    item = judged[at]
    if item.sure or item.raw or item.fact or item.piece or item.protected:
        return False
    if not item.family:
        return (seen.chances[at] > _OPEN or forms.comes_back(item)) and not forms.tells(item)
    if item.section and seen.cut_below(at) == 1:
        return False  # a heading that heads nothing
    return item.by in _OPEN_AGAIN


def read_again(judged: list[Judged], scene: Scene) -> None:
    """Let the forest judge what is not certain, now that it is known what went and how everything around sounds.

    What it changes changes what stands around the rest, so it looks again as long as something changes, six times at
    most, at what it was not sure of. What has more blocks than any article is not worth the time.
    """
    looks = _LOOKS if len(judged) <= _MOST_BLOCKS else 0
    certain: set[int] = set()
    while looks and _judge_again(judged, scene, certain):
        looks -= 1


def _judge_again(judged: list[Judged], scene: Scene, certain: set[int]) -> bool:
    """Return whether any verdict changed; adds the places of which the forest is certain."""
    forest, seen, changed = scene.forest, look_again(judged, scene), False
    open_ = [at for at in range(len(judged)) if at not in certain and is_open(judged, at, seen)]
    views = {at: seen.view(at) for at in open_}
    chances = _alike(judged, {at: forest.chance(view) for at, view in views.items()})
    for at, view in views.items():
        item, chance = judged[at], chances[at]
        if not _CERTAIN[0] < chance < _CERTAIN[1]:
            certain.add(at)
        if item.family and chance < (_REFUTED if item.by == "rule" else forest.restore):
            item.take_back("the article around it speaks against it")
            changed = True
        elif not item.family and _goes(chance, judged, at, seen, scene):
            item.cut(family_of(item.reading.concepts), "forest", "second reading", forest.reasons(view))
            changed = True
    return changed


def _alike(judged: Sequence[Judged], chances: Mapping[int, float]) -> dict[int, float]:
    """Let a sentence that went more than once in the same words be judged alike each time: all go, or all come back."""
    highest: dict[str, float] = {}
    said = {at: item.block.text for at in chances if (item := judged[at]).family and item.sentence}
    for at, text in said.items():
        highest[text] = max(chances[at], highest.get(text, 0.0))
    return {at: highest[said[at]] if at in said else chance for at, chance in chances.items()}


def _goes(chance: float, judged: Sequence[Judged], at: int, seen: Surroundings, scene: Scene) -> bool:
    """Whether a chance of being boilerplate is enough to cut a block.

    What begins as the article stays, unless the second reading is sure; a copyright notice has to begin its block.
    """
    item = judged[at]
    if chance < _enough(item, seen, seen.cut_below(at), scene.forest):
        return False
    return not (opens_otherwise(item, scene) if chance >= _SURE else _opens_as_prose(item, scene))


def _enough(item: Judged, seen: Surroundings, gone_below: float, forest: Forest) -> float:
    """Return the chance from which a block goes: less where something else speaks against it, too."""
    if _may_be_title(item, seen):
        return min(_TITLED, forest.cut)
    return min(_LIKELY, forest.cut) if _is_exposed(item, gone_below) else forest.cut


def _may_be_title(item: Judged, seen: Surroundings) -> bool:
    """Whether it may be the title of another story amid a text.

    That is a line of a text without links which stands between its paragraphs, is longer than subheads are, no
    sentence, gives no address or number, and hardly says a word that they say.
    """
    amid = item.plain and item.before >= _ABOVE and item.after > 0 and item.reading.size >= _TITLE
    titled = amid and is_headline(item) and REACHED.search(item.block.text) is None
    return titled and seen.new_words(item) >= _NEW


def _is_exposed(item: Judged, gone_below: float) -> bool:
    """Whether it sounds like boilerplate where nothing else tells.

    That is in a text without links, and of a line with one below which nothing of the article stays.
    """
    closing = bool(item.block.links) and gone_below == 1
    return item.loudness > 0 and (item.plain or closing)


def _is_supported(item: Judged, found: Mapping[str, float]) -> bool:
    """Whether more than its place speaks for a cut: its sound, its links, a neighbour that went, its coming back.

    A line among lines that stay is taken for one of them, and what stands in brackets for the writer's aside or credit,
    unless they clearly sound like something else.
    """
    if _BRACKETED.fullmatch(item.block.text):
        return item.loudness > _LOUD
    if not item.is_link and not any(found.get(name) for name in _OUTSIDE):
        return item.loudness > _CLEAR
    return item.loudness > _AUDIBLE or item.is_link or any(found.get(name) for name in _SUPPORT)


def tells_first(item: Judged, scene: Scene) -> bool:
    """Whether a block begins with a statement that speaks of nothing boilerplate speaks of, and only then calls."""
    first = SENTENCE.split(item.block.text, maxsplit=1)[0]
    if len(first) == len(item.block.text) or not first.endswith(".") or first.endswith(".."):
        return False
    reading = Wording(first, slots=scene.slots)
    return not reading.cues and scene.voice.of(reading) < _TOLD


def opens_otherwise(item: Judged, scene: Scene) -> bool:
    """Whether something else stands before a block's copyright notice: a note, a credit, the story's last words."""
    notice = NOTICE.search(item.reading.text)
    before = item.reading.text[: notice.start()].rstrip() if notice else ""
    if not before:
        return False
    reading = Wording(before, slots=scene.slots)
    plain = [word[0].islower() for word in before.split()[1:] if word[0].isalpha()]
    told = before[-1] in _CLOSED and sum(plain) >= _STATED and 2 * sum(plain) > len(plain)
    return reading.protected or (told and not reading.cues and not reading.named)


def _opens_as_prose(item: Judged, scene: Scene) -> bool:
    """Whether a block begins with a sentence of the article: then at most its end is boilerplate."""
    if (item.prose and item.loudness < DOUBTFUL) or opens_otherwise(item, scene):
        return True
    first = SENTENCE.split(item.block.text, maxsplit=1)[0]
    if len(first) == len(item.block.text) or breadth(first) < _OPENING:
        return False
    return scene.voice.of(Wording(first, slots=scene.slots)) < DOUBTFUL
