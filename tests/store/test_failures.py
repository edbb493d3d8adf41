"""What the store says when its database fails, and that it recovers by itself."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from syndicate.errors import ConfigurationError, StoreError
from syndicate.store import Store
from syndicate.store import database as database_module
from syndicate.store.errors import translated
from tests.contract.building import NOW, article, change, declare, ingest, payload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the SQLite file of the test is."""
    return tmp_path / "wire.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    """A store on SQLite."""
    opened = Store(f"sqlite:///{file}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://root:s3cret@localhost/wire",
        "mysql://root:s3@cret/s3cret@localhost/wire",
        "host=localhost password=s3cret",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+asyncpg://h/d",
    ],
)
def test_other_databases_are_refused(url):
    """An address that is neither a file nor PostgreSQL is a configuration error that shows no password."""
    with pytest.raises(ConfigurationError, match="expected sqlite:///PATH or postgresql://") as caught:
        Store(url)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgres://u:s3cret@h/d", "postgresql://u:s3cret@h/d"])
def test_postgresql_goes_through_psycopg_3(url):
    """Both spellings reach the same driver, and the password is shown nowhere."""
    store = Store(url)
    assert store.where == "postgresql+psycopg://u:***@h/d"
    assert store.file is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:s3@cr/et@h:1/d", "expected %40 and %3F"),
        ("postgresql://u:s3@cr?et@h:1/d", "expected %40 and %3F"),
        ("sqlite:///wire.db?mode=ro", "expected no options"),
        ("postgresql://h:1/d?user=u&password=s3@cret", "expected %40 and %3F"),
        ("postgresql:///d?host=/run&password=s3cret&foo=bar", 'invalid connection option "foo": expected options'),
    ],
)
def test_an_address_that_means_something_else_is_refused(url, said):
    """A password that ends too early would be taken for a host and shown; an option nobody knows is named."""
    with pytest.raises(ConfigurationError, match=f"^database_url: .*{said}") as caught:
        Store(url)
    assert "s3" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@/d?host={}", "postgresql:///d?host={}&password=s3cret"])
def test_an_unreachable_server_is_a_store_error(tmp_path, url):
    """Nobody listens there: what, where, and what to do, without the password, wherever that stands."""
    store = Store(url.format(tmp_path))
    with pytest.raises(StoreError, match="check that it runs") as caught:
        store.ping()
    assert "s3cret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    """A file where a folder should be is told at once."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder can't be made"):
        Store(f"sqlite:///{tmp_path / 'file' / 'wire.db'}").ping()


def test_a_file_that_is_no_database_is_a_store_error(file):
    """Whatever lies there is not touched."""
    file.write_bytes(b"These are not the pages you are looking for." * 100)
    store = Store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="not an SQLite database"):
        store.upgrade()
    assert file.read_bytes().startswith(b"These")


def test_a_full_disk_is_a_store_error_and_heals_by_itself(store):
    """When the disk is full nothing is half-written and reading goes on; with space again, writing does, too."""
    declare(store)
    ingest(store, change())
    before = store.articles()
    with store.reading("limit") as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    _limit_pages(store, pages)
    big = change(article(key="big", html="x" * 500_000))
    with pytest.raises(StoreError, match="free some space"):
        ingest(store, change(article(key="small")), big)
    assert store.articles() == before
    assert store.check_integrity() == ()
    _limit_pages(store, pages + 10_000)
    ingest(store, big)
    assert len(store.articles()) == 2


def _limit_pages(store: Store, pages: int) -> None:
    """Let the file grow no further, in every connection from now on: SQLite's own way to a full disk."""
    from sqlalchemy import event

    store._engine.dispose()
    event.listen(store._engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count = {pages}"))


def test_a_store_locked_for_too_long_is_a_store_error(file, store, monkeypatch):
    """Reading goes on while another process writes; a writer that waited in vain says so."""
    declare(store)
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    impatient = Store(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert impatient.source("lake") is not None
        with pytest.raises(StoreError, match="another process"):
            impatient.set_meta("a", "b")
    finally:
        other.close()
    impatient.set_meta("a", "b")
    impatient.close()


def test_bugs_are_not_wrapped(store):
    """A violated constraint or a wrong statement of ours is no StoreError, and shows no values."""

    def write_twice() -> None:
        with store.writing("twice") as connection:
            for _ in range(2):
                connection.execute(text("INSERT INTO meta VALUES ('a', :value)"), {"value": "s3cret"})

    with pytest.raises(IntegrityError) as caught:
        write_twice()
    assert "s3cret" not in str(caught.value)
    assert store.meta("a") is None
    with pytest.raises(ZeroDivisionError), store.reading("divide"):
        1 / 0  # noqa: B018 - any bug will do


def test_an_error_carries_no_statement_and_no_values():
    """The message holds the driver's first line only: values may be private."""
    failure = OperationalError("SELECT secret", {"token": "s3cret"}, sqlite3.OperationalError("disk I/O error\nmore"))
    with pytest.raises(StoreError) as caught, translated("read", "sqlite:///x"):
        raise failure
    assert str(caught.value).startswith("sqlite:///x: read: disk I/O error (the disk fails")
    assert "s3cret" not in str(caught.value)
    assert "SELECT" not in str(caught.value)


def test_damage_is_found(file, store):
    """The integrity check names what is wrong in a file with a torn page."""
    declare(store)
    for number in range(50):
        store.keep_payload(payload(bytes(range(256)) * (number + 1)), "lake", NOW)
    with store.reading("page") as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'payload_origins'").scalar()
    store.close()
    sqlite3.connect(file).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    with file.open("r+b") as torn:
        torn.seek((root - 1) * 4096)
        torn.write(b"\xff" * 4096)
    assert _found(Store(f"sqlite:///{file}"))


def _found(store: Store) -> bool:
    try:
        return bool(store.check_integrity())
    except StoreError as error:
        return "put a backup in its place" in str(error)
    finally:
        store.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_lost_is_told(file: Path, store: Store, replaced: bool) -> None:
    """SQLite goes on with a file that was removed or replaced; who asks for its health or writes hears so."""
    store.ping()
    file.rename(file.with_name("away.db"))
    if replaced:
        file.write_bytes(file.with_name("away.db").read_bytes())
    with pytest.raises(StoreError, match=r"removed or replaced while it is in use.*: stop the service"):
        store.ping()
    with pytest.raises(StoreError, match="removed or replaced"):
        store.beat("worker", "me", NOW)
    file.with_name("away.db").rename(file)
    store.ping()


def test_a_server_without_a_free_connection_is_told_from_one_that_is_away() -> None:
    """Whoever is told to look whether the server runs looks in the wrong place."""
    said = 'connection to server at "db" failed: FATAL:  sorry, too many clients already'
    with pytest.raises(StoreError, match="max_connections"), translated("ping", "postgresql://db"):
        raise OperationalError(None, None, Exception(said))
