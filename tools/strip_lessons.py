"""What the stripper learns from: phrases, and labelled articles with what is known of their sources."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import strip_score as score  # noqa: E402 - the checkout has to be on the path first
from syndicate.model import Article  # noqa: E402
from syndicate.strip import furniture  # noqa: E402
from syndicate.strip.article import set_scene  # noqa: E402
from syndicate.strip.blocks import Block, Document  # noqa: E402
from syndicate.strip.families import rules  # noqa: E402
from syndicate.strip.memory import Memory  # noqa: E402
from syndicate.strip.rulings import Rulings  # noqa: E402
from syndicate.strip.verdicts import Judged, Scene  # noqa: E402

FOLDS = 5
KEEP_COUNTS = 2.0  # a paragraph lost is worse than a footer left
LOUDEST_SOURCE = 40
RULES_COUNT = 3.0  # what a rule promises to catch, or to spare, has been thought about
PHRASES = ROOT / "tests/data/strip/phrases"
UNCOUNTED = {"bio"}


@dataclass(frozen=True)
class Said:
    """A text, who says it, and whether it is boilerplate."""

    source: str
    text: str
    boilerplate: bool
    counts: float = 1.0

    @property
    def fold(self) -> int:
        """The part of the material that it is held out with: sources are never split."""
        return sha256(self.source.encode()).digest()[0] % FOLDS


def phrases() -> Iterator[Said]:
    """The phrasebook and the sentences of the rules, a line a text; each line is a source of its own."""
    for rule in rules():
        yield from (Said(text, text, True, RULES_COUNT) for text in rule.drop)
        yield from (Said(text, text, False, RULES_COUNT) for text in rule.keep)
    for path in sorted(PHRASES.glob("*.txt")):
        for line in path.read_text("utf-8").split("\n"):
            family, _, text = line.partition("\t")
            if text and family not in UNCOUNTED:
                yield Said(text, text, family != "keep")


def spoken(golds: list[dict]) -> Iterator[Said]:
    """The blocks of labelled articles."""
    for gold in golds:
        yield from (
            Said(gold["source"], block["text"], block["label"] == "drop")
            for block in gold["blocks"]
            if not block["ambiguous"]
        )


def counts(boilerplate: bool, blocks_of_source: int) -> float:
    """How much an example counts: no source more than `LOUDEST_SOURCE` blocks, what is to keep twice."""
    return min(1.0, LOUDEST_SOURCE / blocks_of_source) * (1.0 if boilerplate else KEEP_COUNTS)


@dataclass(frozen=True)
class Case:
    """A labelled article with what is known of its source, cold or warm."""

    article: Article
    memory: Memory
    labels: Mapping[str, Said]
    fold: int
    fresh: bool


def cases(golds: list[dict], context: list[dict], *, fresh: bool) -> Iterator[Case]:
    """Each article twice: as if its source were unknown, and with all that it said before and since.

    `fresh` says that the weights that training starts with have never seen these articles.
    """
    kinds = {gold["source"]: gold["kind"] for gold in golds}
    memories: dict[str, Memory] = defaultdict(Memory)
    for record in [*context, *golds]:
        article = score.article_of({"kind": kinds.get(record["source"], "feed-html"), **record})
        memories[article.source] = memories[article.source].learn(article)
    for gold in golds:
        labels = {"".join(score.words(said.text)): said for said in spoken([gold])}
        article, fold = score.article_of(gold), Said(gold["source"], "", False).fold
        yield from (Case(article, memory, labels, fold, fresh) for memory in (Memory(), memories[gold["source"]]))


def staged(case: Case, **others: Any) -> tuple[Scene, list[Block]]:
    """An article's scene, with another voice, scorer or forest than the shipped ones, and its blocks."""
    scene = replace(set_scene(case.article, case.memory, Rulings(), ""), **others)
    document = Document(case.article.html)
    list(furniture.remove(document, scene.slots.page))
    return scene, document.blocks


def labels_of(case: Case, judged: Iterable[Judged]) -> list[Said | None]:
    return [case.labels.get("".join(score.words(item.block.text))) for item in judged]
