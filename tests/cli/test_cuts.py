"""Rulings on what was cut: put back wherever the cut came from, listed, and taken back."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from syndicate.records import Ruling
from syndicate.store import Store
from syndicate.store.tables import payloads
from syndicate.strip.memory import fingerprint
from tests.cli.conftest import Command
from tests.cli.test_commands import folder_source, settle
from tests.contract.building import article, change, cut, ingest
from tests.e2e.papers import sentences

TALK = ["A pier of our own", *sentences("pier")]
NUMBERS = "In the winter of that year the harbour counted four ferries, nine barges and one borrowed rowing boat."
APPEAL = "Helfen Sie mit, dass diese Nachricht nicht untergeht ... bitte TEILEN!"
OWNED = "The words and pictures here belong to Lake News and must not be reprinted without asking us."
DESK = "Read the Lakeside Letter with all that the lantern desk noticed"
BOX = (
    '<aside class="related-links"><h3>Read more</h3><ul><li><a href="/gates">How the gates were made</a></li>'
    '<li><a href="/flood">The night of the flood, hour by hour</a></li></ul></aside>'
)
PAGE = "<html><head><title>A pier of our own</title></head><body><article><h1>A pier of our own</h1>{}{}</article>"


def paragraphs(*lines: str) -> str:
    """A plain text."""
    return "\n\n".join(lines)


def page(box: str) -> str:
    """A saved page with a box between its paragraphs."""
    told = [f"<p>{sentence}</p>" for sentence in sentences("pier", 12)]
    return PAGE.format("".join(told[:6]), box + "".join(told[6:]))


@dataclass(frozen=True, slots=True)
class Origin:
    """Files of which the first loses a text, what the record of the cut begins with, and words of the text."""

    reason: str
    words: str
    files: dict[str, str]


ORIGINS = {
    "byline": Origin(
        "names the authors", "Ann Lee", {"a.txt": paragraphs(TALK[0], "By Ann Lee, Staff Writer", *TALK[1:])}
    ),
    "caption": Origin(
        "a picture's caption", "crowd", {"a.txt": paragraphs(TALK[0], "ferry pier crowd", "By Ann Lee", *TALK[1:])}
    ),
    "headline repeat": Origin(
        "repeats the headline",
        "of our own",
        {"a.md": paragraphs("---\ntitle: A pier of our own\n---", "A pier of our own", *TALK[1:])},
    ),
    "page box": Origin("the page calls", "hour by hour", {"a.html": page(BOX)}),
    "duplicate": Origin(
        "repeated paragraph", "nine barges", {"a.txt": paragraphs(*TALK[:3], NUMBERS, *TALK[3:5], NUMBERS, TALK[5])}
    ),
    "last sentence": Origin(
        "rule",
        "rights reserved",
        {"a.txt": paragraphs(*TALK, f"{NUMBERS} Copyright 2026 Lake News. All rights reserved.")},
    ),
    "rule": Origin(
        "rule", "rights reserved", {"a.txt": paragraphs(*TALK, "Copyright 2026 Lake News. All rights reserved.")}
    ),
    "scorer": Origin("scorer", "belong to Lake News", {"a.txt": paragraphs(*TALK, OWNED)}),
    "memory": Origin(
        "memory",
        "lantern desk",
        {f"{n}.txt": paragraphs(f"Story {n}", *sentences(str(n)), DESK) for n in range(6)},
    ),
}


def cuts(command: Command) -> list[dict[str, Any]]:
    """Everything that is cut, as `cuts` lists it."""
    return [json.loads(line) for line in command("cuts", "--json").out.splitlines()]


def laid_down(command: Command, wire: Path, folder: Path, files: dict[str, str]) -> None:
    """Take these files in."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
        settle(folder / name)
    wire.write_text(folder_source(folder))
    command("ingest")


def text(folder: Path, article: str) -> str:
    """What is stored of an article, on one line."""
    store = Store(f"sqlite:///{folder / 'var' / 'syndicate.db'}")
    stored = store.article(article)
    store.close()
    assert stored
    return " ".join(stored.published.article.text.split())


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
def test_a_cut_is_put_back_wherever_it_came_from(command: Command, wire: Path, tmp_path: Path, origin: Origin) -> None:
    """What an admin puts back is in the article again, whatever cut it, and neither rebuild nor ingest cuts it anew."""
    laid_down(command, wire, tmp_path / "in", origin.files)
    said = [
        c for c in cuts(command) if c["cut"]["reason"].startswith(origin.reason) and origin.words in c["cut"]["text"]
    ]
    article, lost = said[0]["article"], " ".join(said[0]["cut"]["text"].split())
    before = text(tmp_path, article).count(lost)
    done = command("cuts", "restore", article, origin.words)
    assert (done.code, done.err) == (0, "")
    assert [line for line in done.out.splitlines() if line.startswith("+ ") and origin.words in line]
    assert text(tmp_path, article).count(lost) == before + 1
    assert not [c for c in cuts(command) if origin.words in c["cut"]["text"]]
    assert command("rebuild").out.startswith("0 of ")
    name, content = next(iter(origin.files.items()))
    laid_down(command, wire, tmp_path / "in", {name: content.replace("The pier", "The long pier", 1)})
    assert not [c for c in cuts(command) if origin.words in c["cut"]["text"]]


def test_a_ruling_is_for_the_text_and_can_be_taken_back(command: Command, wire: Path, tmp_path: Path) -> None:
    """Restoring a line gives it back to every article of the source; taken back, it goes from all of them again."""
    files = {f"{n}.txt": paragraphs(f"Story {n}", *sentences(n), APPEAL) for n in ("mill", "barn", "pier")}
    laid_down(command, wire, tmp_path / "in", files)
    article = cuts(command)[0]["article"]
    done = command("cuts", "restore", article, "untergeht")
    first, *_, last = done.out.splitlines()
    assert first.startswith("ruled: this text stays in all articles of in (`syndicate cuts unrule ")
    assert last == "3 of 3 articles changed"
    [ruling] = map(json.loads, command("cuts", "rulings", "--json").out.splitlines())
    assert (ruling["scope"], ruling["verdict"], ruling["text"]) == ("in", "keep", APPEAL)
    assert APPEAL[:20] in command("cuts", "rulings").out
    assert command("cuts", "unrule", ruling["block"], "--scope", "elsewhere").code == 2
    back = command("cuts", "unrule", ruling["block"])
    assert (back.code, back.out.splitlines()[-1]) == (0, "3 of 3 articles changed")
    assert len(cuts(command)) == 3
    assert command("cuts", "rulings", "--json").out == ""
    assert command("cuts", "unrule", ruling["block"]).code == 2


def test_several_rulings_on_a_block_are_told_apart(command: Command, wire: Path, tmp_path: Path) -> None:
    """Where a source and all sources have a ruling on the same text, it must be said which is taken back."""
    laid_down(command, wire, tmp_path / "in", ORIGINS["scorer"].files)
    article, store = cuts(command)[0]["article"], Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    command("cuts", "restore", article, "belong to Lake", "--everywhere")
    block = json.loads(command("cuts", "rulings", "--json").out)["block"]
    store.rule(Ruling("in", block, "cut", OWNED, datetime.now(UTC)))
    store.close()
    done = command("cuts", "unrule", block)
    assert (done.code, done.complaints) == (
        2, [f"syndicate: block '{block}': ruled on in *, in; name one with --scope"]
    )  # fmt: skip
    assert command("cuts", "unrule", block, "--scope", "*").code == 0
    assert json.loads(command("cuts", "rulings", "--json").out)["scope"] == "in"


def test_of_several_proposals_of_a_block_one_is_named(command: Command, wire: Path, tmp_path: Path) -> None:
    """Where sources have a proposal on the same text, it must be said whose is ruled on, or that all are."""
    wire.write_text("".join(folder_source(tmp_path / key, key) for key in ("lake", "river")))
    command("ingest")
    store, block = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}"), fingerprint("Call us")
    for key in ("lake", "river"):
        ingest(store, change(article(key, doubts=(cut("Call us"),))), source=key)
    store.close()
    done = command("cuts", "rule", block, "cut")
    assert (done.code, done.complaints) == (
        2, [f"syndicate: block '{block}': proposed in lake, river; name one with --scope, or rule --everywhere"]
    )  # fmt: skip
    assert command("cuts", "rule", block, "cut", "--scope", "river").code == 0
    assert json.loads(command("cuts", "rulings", "--json").out)["scope"] == "river"
    done = command("cuts", "rule", block, "keep", "--scope", "river")
    assert (done.code, done.complaints) == (
        2, [f"syndicate: block '{block}': ruled on already; `syndicate cuts unrule {block}` takes it back"]
    )  # fmt: skip
    assert command("cuts", "rule", block, "cut", "--everywhere").code == 0
    assert len(command("cuts", "rulings", "--json").out.splitlines()) == 2


def test_what_is_unsafe_stays_cut(command: Command, wire: Path, tmp_path: Path) -> None:
    """A script or a tracker is never put back, and the command says so and fails."""
    tracker = '<img src="https://count.example/pixel.gif" width="1" height="1">'
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences("pier"))
    laid_down(command, wire, tmp_path / "in", {"a.html": f"<h1>A pier</h1>{body}{tracker}<script>alert(1)</script>"})
    article = cuts(command)[0]["article"]
    for words in ("pixel.gif", "alert(1)"):
        done = command("cuts", "restore", article, words)
        assert (done.code, done.out) == (1, "")
        assert done.complaints[0].endswith("what runs, counts readers or shows another site stays cut")
    assert command("cuts", "rulings", "--json").out == ""


def test_a_restore_that_changes_nothing_fails(command: Command, wire: Path, tmp_path: Path) -> None:
    """Where the article's payload is not kept any more, the command says so and fails, and the ruling holds."""
    laid_down(command, wire, tmp_path / "in", ORIGINS["rule"].files)
    article = cuts(command)[0]["article"]
    store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
    with store.writing("forget payloads") as connection:
        connection.execute(delete(payloads))
    store.close()
    done = command("cuts", "restore", article, "rights reserved")
    assert done.code == 1
    assert "0 of 1 articles changed" in done.out
    assert done.complaints[:-1] == [
        "syndicate: in: 1 articles are older than the payloads that are kept, and stay as they are"
    ]
    assert done.complaints[-1] == (
        "syndicate: 'rights reserved' is still cut from this article: its payload is not kept any more; "
        "the ruling holds for what comes"
    )
    assert json.loads(command("cuts", "rulings", "--json").out)["verdict"] == "keep"


def test_a_house_keeps_what_stands_at_the_top(command: Command, wire: Path, tmp_path: Path) -> None:
    """A rule of the house that keeps holds for a byline as well, when articles are taken in and in the dry run."""
    content = ORIGINS["byline"].files["a.txt"]
    for text_of_rule, kept in (("By Ann *", True), ("By Bob *", False)):
        wire.write_text(f'[[boilerplate]]\nkey = "bylines"\ntext = "{text_of_rule}"\nverdict = "keep"\n')
        dry = json.loads(command("clean", "--json", "--kind", "text", stdin=content.encode()).out)
        line = json.dumps({"id": "1", "source": "in", "kind": "text", "input": content})
        lines = json.loads(command("clean", "--jsonl", stdin=line.encode()).out)
        assert ("By Ann Lee" in dry["text"], "By Ann Lee" in lines["text"]) == (kept, kept)
        assert dry["authors"][0]["name"] == "Ann Lee"
