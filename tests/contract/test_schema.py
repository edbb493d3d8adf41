"""Making and renewing the tables."""

import subprocess
import sys

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import inspect, text

from syndicate.errors import StoreError
from syndicate.store.tables import metadata
from tests.contract.building import NOW, declare

# Alembic can't compare indexes with a descending column on SQLite: these are looked for by name.
DESCENDING = {
    ("articles", "ix_articles_ranked"),
    ("articles", "ix_articles_received"),
    ("article_topics", "ix_article_topics_ranked"),
}


def test_upgrade_makes_every_table_from_nothing(empty_url, open_store):
    """After the migrations the database is what tables.py says, to the last column and index."""
    store = open_store(empty_url)
    store.upgrade()

    def comparable(_object, name, kind, _reflected, _other):
        return kind != "index" or name not in {index for _, index in DESCENDING}

    with store.reading("compare") as connection:
        options = {"compare_type": False, "include_object": comparable}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        found = {
            (table, index["name"]) for table in metadata.tables for index in inspect(connection).get_indexes(table)
        }
    assert found >= DESCENDING


def test_upgrade_twice_is_upgrade_once(store):
    """A second upgrade changes nothing and keeps what is stored."""
    declare(store)
    store.upgrade()
    assert [state.spec.key for state in store.sources()] == ["lake"]


_UPGRADER = """
import sys
from syndicate.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.read(1)
store.upgrade()
store.ping()
"""


def test_processes_that_start_together_upgrade_once(empty_url):
    """Two processes that upgrade one empty database at the same moment both succeed."""
    command = [sys.executable, "-W", "error", "-c", _UPGRADER, empty_url]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    for process in processes:
        process.stdin.write("x")
        process.stdin.flush()
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said


def test_a_store_without_tables_says_so(empty_url, open_store):
    """Before the upgrade every question is a StoreError that says what to do, and health can be asked."""
    store = open_store(empty_url)
    store.ping()
    with pytest.raises(StoreError, match="upgrade"):
        store.sources()
    assert any("upgrade" in problem for problem in store.health().problems)


def test_tables_of_a_newer_program_are_left_alone(own_store_url, open_store):
    """An older program says that a newer one has worked here, and touches nothing."""
    store = open_store(own_store_url)
    with store.writing("pretend") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(StoreError, match="newer"):
        store.upgrade()


def test_health_counts_and_finds_nothing_wrong(store, kind):
    """A store that is well says how much it holds and names no problem."""
    declare(store, "lake", "river")
    store.beat("worker", "me", NOW)
    report = store.health()
    assert (report.kind, report.sources, report.articles, report.problems) == (kind, 2, 0, ())
    assert report.revision == report.head
    assert report.size > 0
    assert store.check_integrity() == ()


def test_a_store_that_can_only_be_read_says_so(own_store_url, kind, open_store, monkeypatch):
    """A server that takes no writes, or a file of another user, can be asked; that nothing can be taken in is told."""
    if kind == "sqlite":
        monkeypatch.setattr("syndicate.store.health.is_writable", lambda _: False)
    else:
        with psycopg.connect(own_store_url, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(sql.Identifier(name))
            )
    store = open_store(own_store_url)
    assert store.obstacle() == "can't be written"
    assert [problem for problem in store.health().problems if "not written" in problem] == list(store.health().problems)
    if kind == "postgresql":
        with pytest.raises(StoreError, match=r"read-only transaction .*SYNDICATE_DATABASE_URL"):
            store.beat("worker", "me", NOW)


def test_a_user_who_may_make_no_tables_is_told_what_to_do(postgres_url, open_store):
    """PostgreSQL 15 and later let only a database's owner make tables: that is no bug."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("CREATE DATABASE guarded")
    store = open_store(postgres_url.replace("//wire@/postgres?", "//guest@/guarded?"))
    with pytest.raises(StoreError, match=r"permission denied for schema public .*make it the owner"):
        store.upgrade()


def test_a_server_that_vanishes_is_missed_soon(postgres_url, open_store):
    """A connection whose other end says nothing any more ends by itself; whoever sets the address may say when."""
    for address, idle in ((postgres_url, "15"), (f"{postgres_url}&keepalives_idle=60", "60")):
        with open_store(address).reading("ask") as connection:
            asked = connection.connection.dbapi_connection.info.get_parameters()
        assert (asked["keepalives_idle"], asked["tcp_user_timeout"]) == (idle, "20000")
