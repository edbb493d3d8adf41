"""Trains the stripper's linear scorer on labelled articles and writes `syndicate/strip/weights.toml`.

    python tools/train_strip.py [--set FILE ...] [--write]

The scorer learns from every block, cold and warm, as if there were no rules: it has to help where they know nothing.
Figures are cross-validated: each source is judged by weights that never saw it. The threshold for a cut is set above
every block to keep of all held-out folds.
"""

import argparse
import importlib.util
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from syndicate.model import Article  # noqa: E402 - the package may not be installed where this runs
from syndicate.strip import Memory, Rulings, furniture, set_scene  # noqa: E402
from syndicate.strip.blocks import Document  # noqa: E402
from syndicate.strip.engine import is_candidate, settle, trace_of  # noqa: E402
from syndicate.strip.features import features  # noqa: E402
from syndicate.strip.scorer import Scorer  # noqa: E402

FOLDS = 5
ROUNDS = 250
RATE = 0.5
DECAY = 0.002  # pulls each weight to zero: with few examples, only what shows again and again may count
KEEP_WEIGHT = 3.0  # a paragraph lost is worse than a footer left
LOWEST_CUT = 0.85
MARGIN = 0.03


@dataclass(frozen=True)
class Example:
    """One labelled block, as the scorer sees it."""

    source: str
    text: str
    found: dict[str, float]
    boilerplate: bool


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("strip_score", ROOT / "bench/strip_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def examples(paths: list[Path]) -> Iterator[Example]:
    score = bench()
    for path in paths:
        golds = score.lines(path)
        kinds = {gold["source"]: gold["kind"] for gold in golds}
        memories: dict[str, Memory] = defaultdict(Memory)
        for record in [*score.lines(path.with_name("context.jsonl")), *golds]:
            article = score.article_of({"kind": kinds.get(record["source"], "feed-html"), **record})
            memories[article.source] = memories[article.source].learn(article)
        for gold in golds:
            labels = labels_of(gold, score)
            for memory in (Memory(), memories[gold["source"]]):
                yield from of_article(score.article_of(gold), memory, labels, score)


def labels_of(gold: dict, score: ModuleType) -> dict[str, bool]:
    """Each unambiguous block's bare letters, and whether it is boilerplate."""
    return {
        "".join(score.words(block["text"])): block["label"] == "drop"
        for block in gold["blocks"]
        if not block["ambiguous"]
    }


def of_article(article: Article, memory: Memory, labels: dict[str, bool], score: ModuleType) -> Iterator[Example]:
    """Each labelled block as the scorer would meet it had no rule known it; labels judge its neighbours."""
    scene = set_scene(article, memory, Rulings(), "")
    document = Document(article.html)
    list(furniture.remove(document, scene.slots.page))
    judged = settle(document.blocks, scene)
    names = ["".join(score.words(item.block.text)) for item in judged]
    for item, name in zip(judged, names, strict=True):
        item.family = "labelled" if labels.get(name, bool(item.family)) else ""
    for at, item in enumerate(judged):
        if names[at] in labels and is_candidate(item):
            found = features(judged, at, memory, trace_of(item, scene))
            yield Example(article.source, item.block.text, found, labels[names[at]])


def fit(chosen: list[Example]) -> dict[str, float]:
    """Logistic regression by gradient descent, with decay."""
    weights: dict[str, float] = defaultdict(float)
    drops = sum(example.boilerplate for example in chosen)
    total = drops + KEEP_WEIGHT * (len(chosen) - drops)
    for _ in range(ROUNDS):
        slope: dict[str, float] = defaultdict(float)
        model = Scorer(weights, 2, 2)
        for example in chosen:
            error = model.probability(example.found) - example.boilerplate
            error *= 1.0 if example.boilerplate else KEEP_WEIGHT
            for name, value in example.found.items():
                slope[name] += error * value
        for name, steep in slope.items():
            pull = 0.0 if name == "bias" else DECAY * weights[name]
            weights[name] -= RATE * 10 * (steep / total + pull)
    return dict(weights)


def cross_validated(found: list[Example]) -> list[tuple[float, Example]]:
    sources = sorted({example.source for example in found})
    random.Random(7).shuffle(sources)
    judged = []
    for fold in range(FOLDS):
        held = set(sources[fold::FOLDS])
        model = Scorer(fit([example for example in found if example.source not in held]), 2, 2)
        judged.extend((model.probability(example.found), example) for example in found if example.source in held)
    return sorted(judged, key=lambda pair: -pair[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--set", type=Path, action="append")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    found = list(examples([path for path in chosen.set or bench().SETS if path.exists()]))
    judged = cross_validated(found)
    highest_keep = max((chance for chance, example in judged if not example.boilerplate), default=0.0)
    cut = round(min(max(highest_keep + MARGIN, LOWEST_CUT), 0.995), 3)
    drops = [chance for chance, example in judged if example.boilerplate]
    print(f"{len(found)} blocks, {len(drops)} of them boilerplate; held-out figures:")
    print(f"  cut at {cut}: {sum(chance >= cut for chance in drops)} of {len(drops)} boilerplate blocks, 0 to keep")
    for chance, example in judged[:400]:
        if not example.boilerplate and chance > 0.5:
            print(f"  to keep, {chance:.2f}: {example.text[:100]}")
    weights = fit(found)
    if chosen.write:
        lines = [f'"{name}" = {weight:.3f}' for name, weight in sorted(weights.items(), key=lambda pair: -pair[1])]
        head = "# Made by tools/train_strip.py: what speaks for a cut (positive) and for keeping (negative).\n"
        path = ROOT / "syndicate/strip/weights.toml"
        path.write_text(f"{head}cut = {cut}\ndoubt = 0.6\n\n[weights]\n" + "\n".join(lines) + "\n", "utf-8")
        print(f"written to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
