"""Score page extraction on the public article extraction benchmark (181 pages; scrapinghub, MIT).

    python bench/page_benchmark.py DIR [--only ours,trafilatura,readability] [--json]

DIR is a checkout of that benchmark: `ground-truth.json` and `html/*.html.gz`. Prints, for each extractor, F1 over
shingles of four words, precision, recall, the share of pages that are exactly right, and processor time a page.
The measure is the benchmark's own: figures are normalized a page and then averaged; text is compared as words.

"ours" is the extracted body without captions of pictures and without the deck, which the benchmark's ground truth
leaves out and we publish; "ours, deck" has the deck; "ours, cleaned" is what partners get: extracted, normalized and
stripped. The pages are also shown in two halves by their publisher's name: rules were made looking at the one ("seen"),
the other ("unseen") was only counted.
"""

import argparse
import gzip
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from urllib.parse import urlsplit

from lxml import html as lxml_html

from syndicate.errors import UnreadableError
from syndicate.ingest.dry_run import Line, article_of
from syndicate.ingest.readers.page import extract
from syndicate.strip.article import strip

INLINE = frozenset(
    ("a", "abbr", "b", "strong", "i", "em", "span", "font", "u", "small", "sub", "sup", "code", "mark", "q", "s")
)
WORD = re.compile(r"\w+")
Extractor = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the benchmark and the text that its article should come out as."""

    key: str
    url: str
    markup: str
    truth: str

    @property
    def seen(self) -> bool:
        """Whether its publisher is in the half of the benchmark that the rules were made with."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        return sha256(host.encode()).digest()[0] & 1 == 1


def pages(folder: Path) -> Iterator[Page]:
    truths = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for key, truth in sorted(truths.items()):
        markup = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8")
        yield Page(key, truth["url"], markup, truth["articleBody"])


def visible(fragment: str) -> str:
    """The fragment's text with a line for each block, captions of pictures left out."""
    if not fragment.strip():
        return ""
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    for caption in list(root.iter("figcaption")):
        caption.drop_tree()
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.tag not in INLINE:
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
    return str(root.text_content()).strip()


def ours(markup: str, url: str) -> str:
    found = extract(markup, url)
    return visible(re.sub(r'^<p class="deck">.*?</p>', "", found.html, flags=re.DOTALL))


def ours_with_deck(markup: str, url: str) -> str:
    return visible(extract(markup, url).html)


def ours_cleaned(markup: str, url: str) -> str:
    return visible(strip(article_of(Line(url, "bench", "page", "", url, markup))).html)


def trafilatura(markup: str, _url: str) -> str:
    import trafilatura as library  # noqa: PLC0415 - only who asks for the comparison needs it

    return library.extract(markup, include_comments=False) or ""


def readability(markup: str, _url: str) -> str:
    from readability import Document  # noqa: PLC0415 - as above

    return visible(Document(markup).summary(html_partial=True))


EXTRACTORS: dict[str, Extractor] = {
    "ours": ours,
    "ours, deck": ours_with_deck,
    "ours, cleaned": ours_cleaned,
    "trafilatura": trafilatura,
    "readability": readability,
}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(filter(None, (tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))))


def rate(hits: float, misses: float) -> float:
    return hits / (hits + misses) if hits + misses else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """How one page came out, and what it took."""

    precision: float
    recall: float
    exact: bool
    seconds: float


def score(page: Page, extractor: Extractor) -> Score:
    start = process_time()
    try:
        text = extractor(page.markup, page.url)
    except UnreadableError:
        text = ""
    seconds = process_time() - start
    want, have = shingles(page.truth), shingles(text)
    both = (want & have).total()
    exact = WORD.findall(page.truth) == WORD.findall(text)
    return Score(rate(both, (have - want).total()), rate(both, (want - have).total()), exact, seconds)


def summary(scores: list[Score]) -> dict[str, float]:
    precision = statistics.mean(one.precision for one in scores)
    recall = statistics.mean(one.recall for one in scores)
    times = sorted(one.seconds * 1000 for one in scores)
    return {
        "pages": len(scores),
        "f1": 2 * precision * recall / (precision + recall),
        "precision": precision,
        "recall": recall,
        "exact": statistics.mean(one.exact for one in scores),
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--only", default="", help="names of extractors, separated by semicolons")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    chosen = given.only.split(";") if given.only else list(EXTRACTORS)
    test_set = list(pages(given.folder))
    table: dict[str, dict[str, dict[str, float]]] = {}
    for name in chosen:
        scores = [(page.seen, score(page, EXTRACTORS[name])) for page in test_set]
        table[name] = {
            "all": summary([one for _, one in scores]),
            "seen": summary([one for seen, one in scores if seen]),
            "unseen": summary([one for seen, one in scores if not seen]),
        }
    if given.json:
        json.dump(table, sys.stdout, indent=2)
        return
    print(f"{'':22} pages  F1     precision recall exact  p50 ms  p95 ms")
    for name, halves in table.items():
        for half, row in halves.items():
            print(
                f"{name + ' ' + half:22} {row['pages']:5.0f}  {row['f1']:.3f}  {row['precision']:.3f}     "
                f"{row['recall']:.3f}  {row['exact']:.3f}  {row['p50_ms']:6.1f}  {row['p95_ms']:6.1f}"
            )


if __name__ == "__main__":
    main()
