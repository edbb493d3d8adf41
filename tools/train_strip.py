"""Trains the stripper's voice and scorer on phrases and labelled articles of `tests/data/strip`, and others if given.

    python tools/train_strip.py [--set FILE ...] [--write]

The voice (`syndicate/strip/voice.tsv`) learns from single texts, the scorer (`weights.toml`) from blocks in their
articles, cold and warm, as if there were no rules: it has to help where they know nothing. Figures are cross-validated:
a source is judged by weights of both that never saw it. It takes some minutes.
"""

import argparse
import importlib.util
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from logistic import Example, fit, log_odds  # noqa: E402 - stands beside this file

from syndicate.model import Article  # noqa: E402 - the package may not be installed where this runs
from syndicate.strip import Memory, Rulings, furniture, set_scene  # noqa: E402
from syndicate.strip.blocks import Document  # noqa: E402
from syndicate.strip.engine import is_candidate, settle, trace_of  # noqa: E402
from syndicate.strip.engine import judge as decide  # noqa: E402
from syndicate.strip.families import Reading, rules  # noqa: E402
from syndicate.strip.features import features  # noqa: E402
from syndicate.strip.scorer import UNKNOWN, Scorer  # noqa: E402
from syndicate.strip.verdicts import Judged, Scene  # noqa: E402
from syndicate.strip.voice import Voice  # noqa: E402
from syndicate.strip.voice import features as heard  # noqa: E402

FOLDS = 5
KEEP_COUNTS = 2.0  # a paragraph lost is worse than a footer left
LOUDEST_SOURCE = 40
LOST_AT_MOST = 0.02  # share of blocks to keep at the edges; vetoes and sentences save most of these, labels err in some
LOWEST_CUT = 0.72
DOUBT = 0.5
ROUNDS, POLICY = 3, 0.8
SMALLEST = 0.08  # weights of the voice below it say nothing
PHRASES = ROOT / "tests/data/strip/phrases"
UNCOUNTED = {"bio"}


@dataclass(frozen=True)
class Said:
    """A text, who says it, and whether it is boilerplate."""

    source: str
    text: str
    boilerplate: bool

    @property
    def fold(self) -> int:
        """The part of the material that it is held out with: sources are never split."""
        return sha256(self.source.encode()).digest()[0] % FOLDS


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("strip_score", ROOT / "bench/strip_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


score = bench()


def phrases() -> Iterator[Said]:
    """The phrasebook and the sentences of the rules, a line a text; each line is a source of its own."""
    for rule in rules():
        yield from (Said(text, text, True) for text in rule.drop)
        yield from (Said(text, text, False) for text in rule.keep)
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


def train_voice(texts: Iterable[Said]) -> Voice:
    counted = {(text.text, text.boilerplate): text for text in texts}.values()
    often = Counter(text.source for text in counted)
    examples = [
        Example(heard(Reading(text.text)), text.boilerplate, counts(text.boilerplate, often[text.source]))
        for text in counted
    ]
    weights = fit(examples, rounds=6, rate=0.1, decay=1e-3, least=4)
    return Voice({name: weight for name, weight in weights.items() if abs(weight) >= SMALLEST})


@dataclass(frozen=True)
class Case:
    """A labelled article with what is known of its source, cold or warm."""

    article: Article
    memory: Memory
    labels: Mapping[str, Said]
    fold: int


def cases(golds: list[dict], context: list[dict]) -> Iterator[Case]:
    """Each article twice: as if its source were unknown, and with all that it said before and since."""
    kinds = {gold["source"]: gold["kind"] for gold in golds}
    memories: dict[str, Memory] = defaultdict(Memory)
    for record in [*context, *golds]:
        article = score.article_of({"kind": kinds.get(record["source"], "feed-html"), **record})
        memories[article.source] = memories[article.source].learn(article)
    for gold in golds:
        labels = {"".join(score.words(said.text)): said for said in spoken([gold])}
        article, fold = score.article_of(gold), Said(gold["source"], "", False).fold
        yield from (Case(article, memory, labels, fold) for memory in (Memory(), memories[gold["source"]]))


def settled(case: Case, voice: Voice) -> tuple[Scene, list[Judged]]:
    """An article's scene, heard by this voice, and its blocks as rules and memory judge them."""
    scene = replace(set_scene(case.article, case.memory, Rulings(), ""), voice=voice)
    document = Document(case.article.html)
    list(furniture.remove(document, scene.slots.page))
    return scene, settle(document.blocks, scene)


def labels_of(case: Case, judged: Iterable[Judged]) -> list[Said | None]:
    return [case.labels.get("".join(score.words(item.block.text))) for item in judged]


class Play:
    """An article as rules, memory and neighbours left it, with its labels: where the scorer begins."""

    def __init__(self, case: Case, voice: Voice) -> None:
        self.case = case
        scene, self.judged = settled(case, voice)
        self.settled = [item.family for item in self.judged]
        self.traces = [trace_of(item, scene) for item in self.judged]
        self.said = labels_of(case, self.judged)

    def with_policy(self, policy: Scorer) -> Iterator[tuple[Said, Example]]:
        """Give each labelled block as a scorer meets it when `policy` has judged its neighbours.

        Training on what the scorer itself does to the neighbours, not on their labels, is what DAgger does (Ross,
        Gordon and Bagnell, 2011): at run time the neighbours are never known for sure. The block itself is met as if
        no rule knew it.
        """
        judged = self.judged
        for item, family in zip(judged, self.settled, strict=True):
            item.family = family
        for at in (*range(len(judged)), *reversed(range(len(judged)))):
            item, said = judged[at], self.said[at]
            if not is_candidate(item):
                continue
            found = features(judged, at, self.case.memory, self.traces[at])
            if said:
                yield said, Example(found, said.boilerplate)
            if not item.family and policy.verdict(found) == "cut":
                item.cut(UNKNOWN, "scorer")


def train_scorer(
    found: list[Case], voices: Mapping[int, Voice]
) -> tuple[dict[int, dict[str, float]], list[tuple[Said, Example]]]:
    """Return the weights that each fold is judged with, and all examples as they were met by them."""
    policies = dict.fromkeys(range(FOLDS), Scorer({}, 2, 2))
    plays = [Play(case, voices[case.fold]) for case in found]
    for _ in range(ROUNDS):
        placed = once(pair for play in plays for pair in play.with_policy(policies[play.case.fold]))
        weights = {fold: fit_scorer([e for said, e in placed if said.fold != fold]) for fold in range(FOLDS)}
        policies = {fold: Scorer(each, POLICY, POLICY) for fold, each in weights.items()}
    return weights, placed


def once(placed: Iterable[tuple[Said, Example]]) -> list[tuple[Said, Example]]:
    """Let blocks that look the same, seen cold and warm and in both passes, count once, and no source too much."""
    found = {(said, frozenset(example.features.items())): (said, example) for said, example in placed}.values()
    often = Counter(said.source for said, _ in found)
    return [
        (said, Example(example.features, said.boilerplate, counts(said.boilerplate, often[said.source])))
        for said, example in found
    ]


def fit_scorer(examples: list[Example]) -> dict[str, float]:
    return fit(examples, rounds=15, rate=0.1)


def judge(weights: Mapping[int, Mapping[str, float]], placed: list[tuple[Said, Example]]) -> list[tuple[float, Said]]:
    """Each block's log odds by weights that never saw its source, the surest boilerplate first."""
    return sorted(
        ((log_odds(weights[said.fold], example.features), said) for said, example in placed), key=lambda pair: -pair[0]
    )


def whole_engine(
    found: list[Case], voices: Mapping[int, Voice], weights: Mapping[int, Mapping[str, float]], cut: float
) -> None:
    """Print what rules, voice and scorer do together, each source judged by weights that never saw it.

    The rules were written with some of these sources in view; only the weights are held out.
    """
    gone: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    for case in found:
        scene, _ = settled(case, voices[case.fold])
        scene = replace(scene, scorer=Scorer(weights[case.fold], cut, DOUBT))
        document = Document(case.article.html)
        list(furniture.remove(document, scene.slots.page))
        judged = decide(document.blocks, scene)
        for item, said in zip(judged, labels_of(case, judged), strict=True):
            if said and not item.start:
                kind = "warm" if case.memory.articles else "cold"
                total[kind, said.boilerplate] += 1
                gone[kind, said.boilerplate] += bool(item.family)
    for kind in ("cold", "warm"):
        print(
            f"whole engine, {kind}: {gone[kind, True]} of {total[kind, True]} blocks of boilerplate gone, "
            f"{gone[kind, False]} of {total[kind, False]} to keep lost"
        )


def threshold(judged: list[tuple[float, Said]]) -> float:
    """The lowest chance at which few enough held-out blocks to keep would go, if nothing but the scorer spoke."""
    keeps = sorted((chance_of(odds) for odds, said in judged if not said.boilerplate), reverse=True)
    return round(max(keeps[int(LOST_AT_MOST * len(keeps))], LOWEST_CUT), 2)


def chance_of(odds: float) -> float:
    return 1 / (1 + 2.718281828 ** -max(min(odds, 30.0), -30.0))


def report(name: str, judged: list[tuple[float, Said]], cut: float) -> None:
    drops = [chance_of(odds) for odds, said in judged if said.boilerplate]
    keeps = [(chance_of(odds), said) for odds, said in judged if not said.boilerplate]
    print(f"{name}: {len(drops)} blocks of boilerplate at an edge, {len(keeps)} to keep")
    for level in (0.5, 0.7, 0.9, cut):
        gone, lost = sum(chance >= level for chance in drops), sum(chance >= level for chance, _ in keeps)
        print(f"  cut at {level}: {gone} of {len(drops)} gone, {lost} of {len(keeps)} lost")
    for chance, said in {said.text: (chance, said) for chance, said in reversed(keeps[:90])}.values():
        print(f"  to keep, {chance:.2f}: {said.text[:100]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--set", type=Path, action="append")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    sets = [path for path in chosen.set or score.SETS if path.exists()]
    golds = [(score.lines(path), score.lines(path.with_name(context_of(path)))) for path in sets]
    texts = [*phrases(), *(said for articles, _ in golds for said in spoken(articles))]
    voices = {fold: train_voice(text for text in texts if text.fold != fold) for fold in range(FOLDS)}
    found = [case for articles, context in golds for case in cases(articles, context)]
    by_fold, placed = train_scorer(found, voices)
    judged = judge(by_fold, placed)
    cut = threshold(judged)
    report("held-out folds", judged, cut)
    whole_engine(found, voices, by_fold, cut)
    voice = train_voice(texts)
    weights = fit_scorer([example for _, example in placed])
    if chosen.write:
        write(voice, weights, cut)


def context_of(path: Path) -> str:
    return "context.jsonl" if path.name == "labelled.jsonl" else f"{path.stem}-context.jsonl"


def write(voice: Voice, weights: Mapping[str, float], cut: float) -> None:
    made = "# Made by tools/train_strip.py: what speaks for boilerplate (positive) and for the article (negative).\n"
    told = sorted(voice.weights.items(), key=lambda pair: -pair[1])
    lines = "".join(f"{weight:.2f}\t{name}\n" for name, weight in told)
    (ROOT / "syndicate/strip/voice.tsv").write_text(made + lines, "utf-8")
    table = "".join(f'"{name}" = {weight:.3f}\n' for name, weight in sorted(weights.items(), key=lambda p: -p[1]))
    (ROOT / "syndicate/strip/weights.toml").write_text(
        f"{made}cut = {cut}\ndoubt = {DOUBT}\n\n[weights]\n{table}", "utf-8"
    )
    print(f"written: {len(told)} weights of the voice, {len(weights)} of the scorer, cut at {cut}")


if __name__ == "__main__":
    main()
