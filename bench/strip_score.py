"""Scores the stripper beside today's tools on labelled articles, and prints the table of `docs/stripping.md`.

    python bench/strip_score.py [--set FILE ...] [--errors] [--ours] [--passes N]

A labelled set holds one article a line: `{"id", "source", "kind", "url", "title", "input", "blocks": [{"text",
"label", "family", "ambiguous"}]}`; a file beside it (`context_of`) holds further articles of the same sources,
`{"source", "input"}`, that a learner may see before. Only letters and digits are compared. Blocks to keep are looked
for first, the longest first, and each takes its characters out of the output, so that a paragraph that belongs twice
has to be there twice. A block to keep counts as lost when less than four fifths of its five-word shingles are left; a
block to cut counts as removed when it is not found in what remains, and less than half of its shingles are.
Ambiguous blocks (bylines, captions, repeated headlines) count neither way.
"""

import argparse
import gc
import json
import math
import re
import resource
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from syndicate.ingest import process
from syndicate.ingest.dry_run import Line
from syndicate.ingest.dry_run import article_of as normalized
from syndicate.model import Article
from syndicate.strip.article import strip
from syndicate.strip.memory import Memory

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests/data/strip"
SETS = (
    ROOT.parent / "shared" / "data" / "boilerplate" / "labelled.jsonl",
    OWN / "labelled.jsonl",
    OWN / "publishers.jsonl",
)
BODY_KINDS: dict[str, Any] = {"feed-html": "html", "html": "html", "text": "text", "page": "page"}
_WORD = re.compile(r"[^\W_]+")
Gold = dict[str, Any]


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", unescape(text)).lower().replace("\xad", ""))


def shingles(found: list[str], length: int = 5) -> set[tuple[str, ...]]:
    return {tuple(found[at : at + length]) for at in range(max(1, len(found) - length + 1))} if found else set()


@dataclass
class Tally:
    """What was counted over a set."""

    removed: Counter[str] = field(default_factory=Counter)
    to_remove: Counter[str] = field(default_factory=Counter)
    families: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    lost: int = 0
    kept: int = 0
    perfect: int = 0
    articles: int = 0
    errors: list[str] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """The share of blocks to cut that are gone, in one kind of input or group of sources."""
        return self.removed[kind] / self.to_remove[kind] if self.to_remove[kind] else 1.0

    def mean_recall(self) -> float:
        """The mean of the recalls over the kinds of input that the set has."""
        kinds = [kind for kind in ("feed-html", "text", "page") if self.to_remove[kind]]
        return sum(map(self.recall, kinds)) / len(kinds) if kinds else 1.0

    def precision(self) -> float:
        """The share of what went that had to go."""
        gone = sum(self.removed[kind] for kind in ("feed-html", "text", "page"))
        return gone / (gone + self.lost) if gone + self.lost else 1.0

    def family_mean(self) -> float:
        """The mean recall over families with at least three blocks."""
        shares = [gone / total for gone, total in self.families.values() if total >= 3]
        return sum(shares) / len(shares) if shares else 1.0


class Output:
    """One cleaned text, from which found blocks are taken away."""

    def __init__(self, text: str) -> None:
        self.words = words(text)
        self.left = "".join(self.words)
        self.whole = self.left

    def take(self, block: str) -> bool:
        """Take a block out of what is left; False if it is not there."""
        at = self.left.find(block)
        if at < 0:
            return False
        self.left = f"{self.left[:at]}\0{self.left[at + len(block) :]}"
        return True

    def coverage(self, block: list[str], *, rest: bool) -> float:
        """The share of a block's shingles that occur in the output, or in the rest of it."""
        wanted = shingles(block)
        have = self.left if rest else self.whole
        return sum("".join(shingle) in have for shingle in wanted) / len(wanted) if wanted else 1.0


def score_article(gold: Gold, text: str, tally: Tally, sources: Counter[str]) -> None:
    output = Output(text)
    blocks = [(block, words(block["text"])) for block in gold["blocks"]]
    blocks = sorted((pair for pair in blocks if pair[1]), key=lambda pair: -len("".join(pair[1])))
    flawless = True
    for block, found in blocks:
        if block["label"] == "keep" and not block["ambiguous"]:
            tally.kept += 1
            if output.take("".join(found)):
                continue
            flawless = False
            whole = output.coverage(found, rest=False) if len(found) >= 5 else 0.0
            tally.lost += whole < 0.8
            tally.errors.append(f"{gold['id']} {'LOST' if whole < 0.8 else 'DAMAGED'} {block['text'][:120]}")
    for block, found in blocks:
        if block["ambiguous"]:
            output.take("".join(found))
    for block, found in blocks:
        if block["label"] != "drop" or block["ambiguous"]:
            continue
        stays = output.take("".join(found)) or (len(found) >= 5 and output.coverage(found, rest=True) >= 0.5)
        for group in (gold["kind"], "single" if sources[gold["source"]] == 1 else "several"):
            tally.to_remove[group] += 1
            tally.removed[group] += not stays
        tally.families[block["family"]][1] += 1
        tally.families[block["family"]][0] += not stays
        if stays:
            flawless = False
            tally.errors.append(f"{gold['id']} MISSED {block['family']} {block['text'][:120]}")
    tally.perfect += flawless
    tally.articles += 1


def article_of(record: Gold) -> Article:
    """The normalized article of a line, as `clean --jsonl` makes it."""
    line = Line(
        id=record.get("id") or sha256(record["input"].encode()).hexdigest(),
        source=record["source"],
        kind=BODY_KINDS[record.get("kind", "feed-html")],
        title=record.get("title") or "",
        url=record.get("url") or "",
        input=record["input"],
    )
    return normalized(line)


@dataclass
class System:
    """A way to clean a set: gives each article's text, and the milliseconds it took."""

    name: str
    clean: Callable[[list[Gold], list[Gold]], Iterator[tuple[str, float]]]


def ours(*, warm: bool, passes: int = 1) -> Callable[[list[Gold], list[Gold]], Iterator[tuple[str, float]]]:
    """Our engine as it runs in a service: what is loaded late is loaded, and other articles were cleaned before.

    Each article is timed on its own, normalizing included; of several passes, its fastest counts.
    """

    def clean(golds: list[Gold], context: list[Gold]) -> Iterator[tuple[str, float]]:
        memories: dict[str, Memory] = defaultdict(Memory)
        texts: dict[int, str] = {}
        kinds = {gold["source"]: gold["kind"] for gold in golds}
        for record in [*context, *golds] if warm else ():
            article = article_of({"kind": kinds.get(record["source"], "feed-html"), **record})
            memories[article.source] = memories[article.source].learn(article)
        process.warm()
        for record in context:
            strip(article_of({"kind": kinds.get(record["source"], "feed-html"), **record}))
        gc.collect()
        gc.freeze()  # as the keeper of the service's children does
        taken: dict[int, float] = {}
        for at, gold in [*enumerate(golds)] * passes:
            start = time.process_time()
            article = strip(article_of(gold), memories[gold["source"]])
            taken[at] = min(taken.get(at, math.inf), (time.process_time() - start) * 1000)
            texts[at] = article.text
        yield from ((texts[at], taken[at]) for at in range(len(golds)))

    return clean


def one_by_one(extract: Callable[[str], str]) -> Callable[[list[Gold], list[Gold]], Iterator[tuple[str, float]]]:
    def clean(golds: list[Gold], _context: list[Gold]) -> Iterator[tuple[str, float]]:
        for gold in golds:
            page = gold["input"]
            if gold["kind"] == "text":
                page = "".join(f"<p>{line}</p>" for line in page.split("\n") if line.strip())
            if gold["kind"] != "page":
                page = f"<html><body><article>{page}</article></body></html>"
            start = time.process_time()
            text = extract(page)
            yield text, (time.process_time() - start) * 1000

    return clean


def trafilatura_text(page: str) -> str:
    import trafilatura  # noqa: PLC0415 - only there with the bench dependencies

    return trafilatura.extract(page, favor_precision=True, include_comments=False) or ""


def readability_text(page: str) -> str:
    from lxml import html  # noqa: PLC0415 - only there with the bench dependencies
    from readability import Document  # noqa: PLC0415 - only there with the bench dependencies

    return "\n".join(html.fromstring(Document(page).summary()).itertext())


def justext_text(page: str) -> str:
    import justext  # noqa: PLC0415 - only there with the bench dependencies

    stop = frozenset(justext.get_stoplist("English"))
    return "\n".join(
        part.text for part in justext.justext(page.encode(), stop, encoding="utf-8") if not part.is_boilerplate
    )


OTHERS = (
    System("trafilatura (precision)", one_by_one(trafilatura_text)),
    System("readability-lxml", one_by_one(readability_text)),
    System("jusText", one_by_one(justext_text)),
)


COLUMNS = (
    "system",
    "precision",
    "recall feed / text / page",
    "mean",
    "families",
    "single-article sources",
    "real paragraphs lost",
    "perfect",
    "ms median / p95 (feed, text)",
    "peak MB of this process so far",
)


def measure(system: System, golds: list[Gold], context: list[Gold]) -> tuple[Tally, list[float]]:
    tally, times = Tally(), []
    sources = Counter(gold["source"] for gold in golds)
    for gold, (text, took) in zip(golds, system.clean(golds, context), strict=True):
        score_article(gold, text, tally, sources)
        if gold["kind"] != "page":
            times.append(took)
    return tally, sorted(times)


def row(name: str, tally: Tally, times: list[float]) -> str:
    recalls = " / ".join(f"{tally.recall(kind):.3f}" for kind in ("feed-html", "text", "page"))
    middle, slow = times[len(times) // 2], times[int(len(times) * 0.95)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"| {name} | {tally.precision():.3f} | {recalls} | {tally.mean_recall():.3f} | {tally.family_mean():.3f} "
        f"| {tally.recall('single'):.3f} | {tally.lost} of {tally.kept} | {tally.perfect} of {tally.articles} "
        f"| {middle:.1f} / {slow:.1f} | {memory} |"
    )


def lines(path: Path) -> list[Gold]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()] if path.exists() else []


def context_of(path: Path) -> list[Gold]:
    """Further articles of a set's publishers: `context.jsonl` beside a `labelled.jsonl`, else `NAME-context.jsonl`."""
    return lines(path.with_name("context.jsonl" if path.stem == "labelled" else f"{path.stem}-context.jsonl"))


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--set", type=Path, action="append", help="a labelled set; by default all that are there")
    parser.add_argument("--errors", action="store_true", help="print what our engine lost and missed")
    parser.add_argument("--ours", action="store_true", help="leave the other tools out")
    parser.add_argument(
        "--passes", type=int, default=1, help="how often our engine cleans each article; the fastest counts"
    )
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    for path in chosen.set or SETS:
        golds = lines(path)
        if not golds:
            print(f"{path.parent.name}/{path.name} is not there: skipped")
            continue
        print(
            f"\n{path.parent.name}/{path.name}: {len(golds)} articles of {len({g['source'] for g in golds})} sources\n"
        )
        print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|")
        own = [
            System(f"Syndicate, {'warm' if warm else 'cold'}", ours(warm=warm, passes=chosen.passes))
            for warm in (False, True)
        ]
        for system in (*own, *(() if chosen.ours else OTHERS)):
            try:
                tally, times = measure(system, golds, context_of(path))
            except ImportError as missing:
                print(f"| {system.name} | not installed: {missing.name} |")
                continue
            print(row(system.name, tally, times), flush=True)
            if chosen.errors and system.name.startswith("Syndicate"):
                print(*tally.errors, sep="\n")


if __name__ == "__main__":
    main()
