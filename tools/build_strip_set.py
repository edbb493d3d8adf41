"""Build the labelled sets of the stripper from their hand-written sources.

    python tools/build_strip_set.py [--check]

Reads `tests/data/strip/sources/*.txt` and writes `labelled.jsonl` and `context.jsonl` beside that folder; of
`publishers/*.txt` it makes `publishers.jsonl`. The sources hold the articles as publishers would send them, one block a
line, with the verdict in front of the line; `tests/data/strip/README.md` describes the notation.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "strip"
KINDS = {"h": "feed-html", "t": "text", "t1": "text", "p": "page"}
VERDICT = re.compile(r"^([-?+*])([a-z_]+) (.*)$", re.DOTALL)
INLINE = re.compile(r"⟪([a-z_]+) (.*?)⟫")
UNSEEN = re.compile(r"<!--.*?-->|<(script|style|noscript|svg)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
BREAK = re.compile(
    r"</?(?:p|div|li|ul|ol|td|th|tr|table|h[1-6]|br|hr|blockquote|figure|figcaption|section|article|aside|header"
    r"|footer|nav|main|form|button|label|dt|dd|dl|pre|body|html|time|address)\b[^>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class Draft:
    """One article as written in a source file: its header and its lines, macros already put in."""

    source: str
    kind: str
    language: str
    title: str
    context: bool
    lines: list[str] = field(default_factory=list)


def texts(markup: str, kind: str) -> Iterator[str]:
    """The visible texts of a piece of markup, split where a browser starts a new line."""
    parts = [markup] if kind == "text" else BREAK.split(UNSEEN.sub(" ", markup))
    for part in parts:
        text = part if kind == "text" else unescape(TAG.sub(" ", part))
        text = " ".join(text.replace("\xa0", " ").split())
        # a space left by a removed tag before punctuation is not in the text a reader sees
        text = re.sub(r" ([.,;:!?»”)])(?=\s|$)", r"\1", text) if kind != "text" else text
        if re.search(r"[^\W_]", text):
            yield text


def blocks(line: str, kind: str) -> tuple[str, list[dict[str, object]]]:
    """The line without its notation, and the labelled blocks in it."""
    if line.startswith("~ "):
        return line[2:], []
    label, family, ambiguous, trap = "keep", "", False, ""
    if found := VERDICT.match(line):
        sign, name, line = found.groups()
        ambiguous = sign in "?*"
        if sign in "-?":
            label, family = "drop", name
        else:
            trap = name
    made: list[dict[str, object]] = []

    def add(piece: str, label: str, family: str, trap: str) -> None:
        for text in texts(piece, kind):
            block: dict[str, object] = {"text": text, "label": label, "family": family, "ambiguous": ambiguous}
            made.append(block | ({"trap": trap} if trap else {}))

    at = 0
    for cut in INLINE.finditer(line):
        add(line[at : cut.start()], label, family, trap)
        add(cut[2], "drop", cut[1], "")
        at = cut.end()
    add(line[at:], label, family, trap)
    return INLINE.sub(r"\2", line), made


def drafts(path: Path) -> Iterator[Draft]:
    """The articles of one source file, macros (`%def`, `%use`) put in."""
    macros: dict[str, list[str]] = {}
    target: list[str] | None = None
    draft: Draft | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith(("# ", "%end")):
            target = None if line == "%end" else target
        elif line.startswith("%def "):
            target = macros[line[5:].strip()] = []
        elif line.startswith("=== "):
            if draft:
                yield draft
            source, kind, language, title = (part.strip() for part in line[4:].split("|", 3))
            draft = Draft(source, kind.rstrip("!"), language, title, kind.endswith("!"))
            target = draft.lines
        elif target is None:
            if line.strip():
                sys.exit(f"{path.name}:{number}: text outside of an article")
        elif line.startswith("%use "):
            target.extend(macros[line[5:].strip()])
        else:
            target.append(line)
    if draft:
        yield draft


def build(folder: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The labelled rows of a folder of sources, and those of its context."""
    labelled: list[dict[str, object]] = []
    context: list[dict[str, object]] = []
    seen: Counter[str] = Counter()
    for path in sorted((FOLDER / folder).glob("*.txt")):
        for draft in drafts(path):
            seen[draft.source] += 1
            identity = f"{draft.source.removesuffix('.example')}-{seen[draft.source]}"
            url = f"https://{draft.source}/articles/{seen[draft.source]:04d}"
            kind = KINDS[draft.kind]
            body, found = [], []
            for line in draft.lines:
                if draft.kind != "t1" and not line.strip():
                    continue
                filled = line.replace("{title}", draft.title).replace("{url}", url).replace("{host}", draft.source)
                plain, made = blocks(filled, kind)
                body.append(plain)
                found.extend(made)
            text = ("\n\n" if draft.kind == "t" else "\n").join(body).strip("\n") + "\n"
            if draft.context:
                context.append({"source": draft.source, "input": text})
                continue
            row = {"id": identity, "source": draft.source, "kind": kind, "language": draft.language, "url": url}
            labelled.append(row | {"title": draft.title, "input": text, "blocks": found})
    return labelled, context


def summary(labelled: list[dict[str, object]]) -> str:
    """Counts by kind, language, family and trap, for people."""
    every = [block for row in labelled for block in row["blocks"]]  # type: ignore[attr-defined]  # rows are JSON
    lines = [f"{len(labelled)} articles of {len({row['source'] for row in labelled})} publishers, {len(every)} blocks"]
    lines += [f"{name}: {dict(Counter(row[name] for row in labelled).most_common())}" for name in ("kind", "language")]
    clear = [block for block in every if not block["ambiguous"]]
    for name in ("label", "family", "trap"):
        counts = Counter(block.get(name) for block in clear if block.get(name))
        lines.append(f"{name} ({sum(counts.values())}): {dict(counts.most_common())}")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description="Build the stripper's labelled set from its sources.")
    options.add_argument("--check", action="store_true", help="write nothing; fail if the files are not up to date")
    check = options.parse_args().check
    labelled, context = build("sources")
    publishers, _ = build("publishers")
    for name, rows in (("labelled", labelled), ("context", context), ("publishers", publishers)):
        path = FOLDER / f"{name}.jsonl"
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if not check:
            path.write_text(text, "utf-8")
        elif path.read_text("utf-8") != text:
            sys.exit(f"{path.name} is not what its sources say: run tools/build_strip_set.py")
    for rows in (labelled, publishers):
        print(summary(rows), end="\n\n")


if __name__ == "__main__":
    main()
