"""Trains the stripper's voice, scorer and forest on phrases and labelled articles: `tests/data/strip`, others if given.

    python tools/train_strip.py [--set FILE ...] [--continue] [--write]

The voice (`syndicate/strip/voice.tsv`) learns from single texts; the scorer (`weights.toml`) from blocks in their
articles, cold and warm, as if there were no rules: it has to help where they know nothing; the forest (`forest.json`)
from what the first reading made of all this. Figures are cross-validated: a source is judged by a voice, a scorer and a
forest that never saw it. It takes some minutes.

With `--continue` the shipped weights are where training starts and what weights decay towards, and trees are added to
the shipped forest: what they learned of articles that the repository may not hold is not forgotten. The sets of the
repository are known to them, so the added trees and their figures are of the sets that are given only; without any, the
forest stays as it is.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from strip_lessons import FOLDS, ROOT, Case, Said, cases, counts, labels_of, phrases, score, spoken, staged  # isort: skip
from grow_forest import Seen, grow
from logistic import Example, fit, log_odds

from syndicate.strip.engine import judge as decide
from syndicate.strip.engine import read, settle
from syndicate.strip.features import features
from syndicate.strip.forest import Forest, parse_forest
from syndicate.strip.forest import forest as shipped_forest
from syndicate.strip.readings import is_candidate, is_open, look_again
from syndicate.strip.scorer import UNKNOWN, Scorer
from syndicate.strip.scorer import scorer as shipped_scorer
from syndicate.strip.verdicts import trace_of
from syndicate.strip.voice import Voice
from syndicate.strip.voice import features as heard
from syndicate.strip.voice import voice as shipped_voice
from syndicate.strip.wording import Wording

LOST_AT_MOST = 0.027  # share of blocks to keep at the edges; vetoes and the second reading save most of these
LOWEST_CUT, LOWEST_CUT_AGAIN = 0.72, 0.67
DOUBT = 0.5
ROUNDS, POLICY = 3, 0.8
SMALLEST = 0.08  # weights of the voice below it say nothing
NO_FOREST = Forest((), 2.0, -1.0)
READ_AGAIN_LOST = 0.065  # share of blocks to keep that the forest reads, and may cut
RESTORE = 0.5
FOREST = ROOT / "syndicate/strip/forest.json"


def train_voice(texts: Iterable[Said], start: Mapping[str, float]) -> Voice:
    counted = {(text.text, text.boilerplate): text for text in texts}.values()
    often = Counter(text.source for text in counted)
    examples = [
        Example(heard(Wording(text.text)), text.boilerplate, text.counts * counts(text.boilerplate, often[text.source]))
        for text in counted
    ]
    weights = fit(examples, rounds=6, rate=0.1, decay=1e-2 if start else 1e-3, least=4, start=start)
    return Voice({name: weight for name, weight in weights.items() if abs(weight) >= SMALLEST})


class Play:
    """An article as rules, memory and neighbours left it, with its labels: where the scorer begins."""

    def __init__(self, case: Case, voice: Voice) -> None:
        self.case = case
        scene, blocks = staged(case, voice=voice)
        self.judged = settle(blocks, scene)
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
    found: list[Case], voices: Mapping[int, Voice], start: Mapping[str, float]
) -> tuple[dict[int, dict[str, float]], list[tuple[Said, Example]]]:
    """Return the weights that each fold is judged with, and all examples as they were met by them."""
    policies = dict.fromkeys(range(FOLDS), Scorer({}, 2, 2))
    plays = [Play(case, voices[case.fold]) for case in found]
    for _ in range(ROUNDS):
        placed = once(pair for play in plays for pair in play.with_policy(policies[play.case.fold]))
        weights = {fold: fit_scorer([e for said, e in placed if said.fold != fold], start) for fold in range(FOLDS)}
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


def fit_scorer(examples: list[Example], start: Mapping[str, float]) -> dict[str, float]:
    return fit(examples, rounds=15, rate=0.1, start=start)


def judge(weights: Mapping[int, Mapping[str, float]], placed: list[tuple[Said, Example]]) -> list[tuple[float, Said]]:
    """Each block's log odds by weights that never saw its source, the surest boilerplate first."""
    return sorted(
        ((log_odds(weights[said.fold], example.features), said) for said, example in placed), key=lambda pair: -pair[0]
    )


def read_again(found: list[Case], minds: Mapping[int, "Mind"]) -> list[tuple[Said, Seen]]:
    """Return each labelled block that a second reading may judge, as it sees it after a first one that never saw it."""
    placed = []
    for case in found:
        scene, blocks = staged(case, **minds[case.fold].parts(NO_FOREST))
        judged = read(blocks, scene)
        seen = look_again(judged, scene)
        for at, said in enumerate(labels_of(case, judged)):
            if said and is_open(judged, at, seen):
                placed.append((said, seen.view(at)))
    often = Counter(said.source for said, _ in placed)
    return [(said, Seen(view, said.boilerplate, counts(said.boilerplate, often[said.source]))) for said, view in placed]


def grow_by_fold(seen: list[tuple[Said, Seen]], start: Forest | None) -> dict[int, Forest]:
    """Return a forest for each fold that has not seen it, with what it starts with."""
    return {
        fold: planted(grow([one for said, one in seen if said.fold != fold], start), start) for fold in range(FOLDS)
    }


def planted(trees: list[Any], start: Forest | None) -> Forest:
    new = parse_forest({"trees": trees, "cut": 2.0, "restore": RESTORE})
    return replace(new, trees=(*start.trees, *new.trees)) if start else new


@dataclass(frozen=True)
class Mind:
    """All that is learned: what an article is judged with."""

    voice: Voice
    scorer: Scorer

    def parts(self, forest: Forest) -> dict[str, Any]:
        """What `staged` takes."""
        return {"voice": self.voice, "scorer": self.scorer, "forest": forest}


def whole_engine(found: list[Case], minds: Mapping[int, Mind], forests: Mapping[int, Forest]) -> None:
    """Print what rules, voice, scorer and forest do together, each source judged by weights that never saw it.

    The rules were written with some of these sources in view; only the weights are held out.
    """
    gone: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    for case in found:
        scene, blocks = staged(case, **minds[case.fold].parts(forests[case.fold]))
        judged = decide(blocks, scene)
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


def threshold(judged: list[tuple[float, Said]], lost_at_most: float, lowest: float) -> float:
    """The lowest chance at which few enough held-out blocks to keep would go, if nothing else spoke."""
    keeps = sorted((chance_of(odds) for odds, said in judged if not said.boilerplate), reverse=True)
    return round(max(keeps[int(lost_at_most * len(keeps))], lowest), 2)


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
    parser.add_argument("--continue", dest="go_on", action="store_true", help="start with the shipped weights")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    known = [path for path in score.SETS if path.exists()]
    sets = known + [path for path in chosen.set or () if path not in known]
    golds = [(score.lines(path), score.context_of(path), path not in known) for path in sets]
    texts = [*phrases(), *(said for articles, _, _ in golds for said in spoken(articles))]
    start_voice, start_scorer = (shipped_voice().weights, shipped_scorer().weights) if chosen.go_on else ({}, {})
    found = [
        case for articles, context, new in golds for case in cases(articles, context, fresh=new or not chosen.go_on)
    ]
    voices = {fold: train_voice((t for t in texts if t.fold != fold), start_voice) for fold in range(FOLDS)}
    by_fold, placed = train_scorer(found, voices, start_scorer)
    judged = judge(by_fold, placed)
    cut = threshold(judged, LOST_AT_MOST, LOWEST_CUT)
    report("scorer, held-out folds", judged, cut)
    minds = {fold: Mind(voices[fold], Scorer(by_fold[fold], cut, DOUBT)) for fold in range(FOLDS)}
    fresh = [case for case in found if case.fresh]
    start_forest = shipped_forest() if chosen.go_on else None
    trees, cut_again = forest_of(fresh, minds, start_forest) if fresh else ([], 0.0)
    if chosen.write:
        voice, weights = train_voice(texts, start_voice), fit_scorer([e for _, e in placed], start_scorer)
        write(voice, weights, cut)
    if chosen.write and trees:
        write_forest([*(shipped_trees() if chosen.go_on else ()), *trees], cut_again)


def forest_of(fresh: list[Case], minds: Mapping[int, Mind], start: Forest | None) -> tuple[list[Any], float]:
    """Return the trees of the second reading and where they cut; prints what they reach where they never looked."""
    seen = read_again(fresh, minds)
    forests = grow_by_fold(seen, start)
    again = sorted(((forests[said.fold].odds(one.view), said) for said, one in seen), key=lambda pair: -pair[0])
    cut = threshold(again, READ_AGAIN_LOST, LOWEST_CUT_AGAIN)
    report("forest, held-out folds", again, cut)
    whole_engine(fresh, minds, dict.fromkeys(range(FOLDS), NO_FOREST))
    whole_engine(fresh, minds, {fold: replace(forest, cut=cut) for fold, forest in forests.items()})
    return grow([one for _, one in seen], start), cut


def shipped_trees() -> list[Any]:
    return json.loads(FOREST.read_text("utf-8"))["trees"]


def write_forest(trees: list[Any], cut: float) -> None:
    lines = ",\n".join(json.dumps(tree) for tree in trees)
    text = f'{{"cut": {cut}, "restore": {RESTORE}, "trees": [\n{lines}\n]}}\n'
    FOREST.write_text(text, "utf-8")


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
