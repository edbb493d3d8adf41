"""The whole life of articles, in any order of what sources, people, time and bad luck do: every promise is kept."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syndicate.records_served import Partner
from tests.e2e.lifecycle import ANSWERS, LONG, SHORT, Lifecycle, live
from tests.e2e.newsroom import SEAMS


@pytest.fixture
def machine(sqlite_template: Path) -> type[Lifecycle]:
    """The machine, each of whose lives has a file of its own."""

    @contextmanager
    def copy(folder: Path) -> Iterator[str]:
        yield f"sqlite:///{shutil.copy(sqlite_template, folder / 'wire.db')}"

    return type("OnSqlite", (Lifecycle,), {"store_at": staticmethod(copy)})


def test_a_few_lives(machine: type[Lifecycle]) -> None:
    """A few lives, the same at every run, keep every promise."""
    live(machine, SHORT)


@pytest.mark.long
def test_many_lives(machine: type[Lifecycle]) -> None:
    """Other lives at every run keep every promise; LIVES says how many, and what fails is told as few steps as fail."""
    live(machine, LONG)


def test_a_full_life(machine: type[Lifecycle]) -> None:
    """One life in which everything happens that can."""
    life = machine()
    try:
        life.begin(6)
        life.write_many(0, 6)
        life.write(0, 0, "thin")
        life.check()
        life.decide(0, "live")
        life.check()
        life.redesign(0, ())
        life.check()
        life.redesign(0, ("lake", "newsletter", "copyright"))
        for kind in ("add", "title", "drop", "replace"):
            life.edit(0, 2, kind)
            life.check()
        life.print_elsewhere(0, 4)
        life.write_many(1, 5)
        for paper in range(3):
            life.reprint(paper, "renumber")
            life.reprint(paper, "reorder")
        life.keep_still(["renumber", "https"])
        life.restore(0, everywhere=True)
        life.answer_a_proposal(0, "cut", everywhere=True)
        life.check()
        life.manage(2, "rename")
        life.edit(0, 3, "add")
        life.check()
        life.take_back(0)
        life.declare(1, second=True)
        life.check()
        life.manage(1, "remove")
        life.edit(1, 0, "add")
        life.check()
        life.poison(2, 1)
        life.empty_quarantine(discard=False)
        life.oversleep(2)
        for answers in ANSWERS:
            life.fall_ill(0, answers, 2)
        life.change_topics(1)
        life.check()
        for at, seam in enumerate(SEAMS):
            life.edit(1, at, "replace")
            life.die(1, seam)
            if seam[0] == "save_feed":
                life.check()
        life.remove(1, 2)
        life.pass_time(24 * 35)
        life.bring_back(1)
        life.keep_still(["date", "restart", "prune", "dry run"])
    finally:
        life.teardown()


def test_a_life_with_withdrawals(machine: type[Lifecycle]) -> None:
    """One life in which stories are withdrawn, and come back by no way that a source has, but by a person's word.

    A partner is served the same all along.
    """
    life = machine()
    try:
        life.room.store.add_partner(Partner("anna", "Anna’s Paper", life.room.now), "", ["all"])
        life.begin(6)
        life.print_elsewhere(0, 0)
        life.check()
        for pick in range(9):
            life.correct(pick)
        for pick in range(4):
            life.kill(pick * 2, publish=pick % 2 == 0)
        life.kill_meanwhile(1, 1)
        for paper in range(3):
            life.edit(paper, 0, "add")
            life.print_elsewhere(paper, 1)
            life.redesign(paper, ("copyright", "lake"))
        life.check()
        life.keep_still(["renumber", "https", "rebuild", "restart"])
        life.manage(0, "rename")
        life.edit(0, 0, "drop")
        life.check()
        life.manage(2, "remove")
        life.change_topics(1)
        life.declare(2, second=True)
        life.check()
        for pick in range(3):
            life.edit(pick, 1, "replace")
            life.revive(pick)
            life.check()
        life.kill(0, publish=False)
        life.die(0, ("save_feed", "before"))
        life.keep_still(["reorder", "date", "day"])
    finally:
        life.teardown()
