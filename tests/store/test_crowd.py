"""Many at once on one SQLite file, and a process that is killed while it writes."""

import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, select

from syndicate.store import Store
from syndicate.store.tables import meta
from tests.contract.building import NOW, article, change, declare, ingest

ROUNDS = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file with all tables and eight sources."""
    path = tmp_path / "wire.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    declare(store, *(f"s{n}" for n in range(8)))
    store.close()
    return path


@pytest.fixture
def store(file: Path):
    """The store of that file."""
    opened = Store(f"sqlite:///{file}")
    yield opened
    opened.close()


def test_every_writing_transaction_begins_immediate(store):
    """A writer that reads first and writes later waits for others instead of failing at once."""
    began = []
    event.listen(store._engine, "before_cursor_execute", lambda *args: began.append(args[2]))
    store.set_meta("a", "1")
    assert [statement for statement in began if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]
    began.clear()
    store.meta("a")
    assert [statement for statement in began if statement.startswith("BEGIN")] == ["BEGIN"]


def test_looking_for_twins_costs_the_same_however_much_is_stored(store):
    """What planning asks for is found by an index of its own; no question goes through all live articles."""
    asked = []
    event.listen(store._engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    ingest(store, change(article("s0", "one"), sketch=tuple(range(16))), source="s0")
    asked.clear()
    store.twins(["https://s0.example/one"], range(16))
    store.known("s0", keys=["one"], links=["https://s0.example/one"])
    questions = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    assert len(questions) == 4
    with store.reading("plans") as connection:
        for statement, values in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            steps = [row.detail for row in plan if "articles" in row.detail or "sketch_values" in row.detail]
            assert steps
            assert all(step.startswith("SEARCH") and "status=" not in step for step in steps), steps


def test_two_that_read_first_and_write_later_both_succeed(store):
    """Eight threads add one to the same number, reading it first: none fails and none is lost."""
    store.set_meta("count", "0")

    def add_one(_: int) -> None:
        with store.writing("count") as connection:
            before = int(connection.execute(select(meta.c.value).where(meta.c.key == "count")).scalar_one())
            connection.execute(meta.update().where(meta.c.key == "count").values(value=str(before + 1)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert store.meta("count") == "40"


def test_ingests_survive_a_power_cut(store):
    """An ingest is synced to the disk before it counts as written; what can be had again is not."""
    levels = {}

    def look(connection, cursor, statement, *_):
        if statement.startswith("INSERT"):
            asking = cursor.connection.execute("PRAGMA synchronous")
            levels[statement.split()[2]] = {1: "NORMAL", 2: "FULL"}[asking.fetchone()[0]]

    event.listen(store._engine, "before_cursor_execute", look)
    for number in range(3):  # on the same connection, by turns
        ingest(store, change(article("s0", key=f"{number}")), source="s0")
        assert levels["articles"] == "FULL"
        store.beat("worker", "me", NOW)
        assert levels["beats"] == "NORMAL"
        levels.clear()


def test_eight_writers_and_thirty_two_readers(file):
    """Nobody sees an error, nobody sees half an ingest, and nothing is lost."""
    stores = [Store(f"sqlite:///{file}") for _ in range(4)]  # as four processes would
    start = threading.Barrier(40)

    def write(number: int) -> int:
        store, source = stores[number % 4], f"s{number}"
        start.wait()
        return sum(
            ingest(store, *(change(article(source, f"{n}-{part}")) for part in "abc"), source=source).new
            for n in range(ROUNDS)
        )

    def read(number: int) -> int:
        store = stores[number % 4]
        start.wait()
        for _ in range(ROUNDS):
            assert len(store.newest("all", 1000)) % 3 == 0
            assert len(store.known(f"s{number % 8}")) % 3 == 0
        return ROUNDS

    with ThreadPoolExecutor(40) as pool:
        writers = [pool.submit(write, number) for number in range(8)]
        readers = [pool.submit(read, number) for number in range(32)]
        assert [writer.result() for writer in writers] == [3 * ROUNDS] * 8
        assert [reader.result() for reader in readers] == [ROUNDS] * 32
    assert len(stores[0].newest("all", 1000)) == 8 * 3 * ROUNDS
    for store in stores:
        store.close()


_WRITER = """
import sys
from syndicate.store import Store
from tests.contract.building import article, change, ingest
store = Store(sys.argv[1])
n = 0
while True:
    ingest(store, *(change(article("s0", f"{n}-{part}")) for part in "abc"), source="s0")
    print(n, flush=True)
    n += 1
"""


def test_kill_minus_nine_loses_nothing_that_was_written(file):
    """A writer killed at any moment: every ingest it was told of is whole, at most one more is there, none is half."""
    root = Path(__file__).resolve().parents[2]
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, f"sqlite:///{file}"], stdout=subprocess.PIPE, text=True, cwd=root
    )
    with writer:
        told = [int(writer.stdout.readline()) for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().splitlines()]
    store = Store(f"sqlite:///{file}")
    keys = set(store.known("s0"))
    store.close()
    rounds = {int(key.partition("-")[0]) for key in keys}
    assert set(told) <= rounds
    assert len(rounds) <= len(told) + 1
    assert keys == {f"{n}-{part}" for n in rounds for part in "abc"}
    assert sqlite3.connect(file).execute("PRAGMA integrity_check").fetchone() == ("ok",)
