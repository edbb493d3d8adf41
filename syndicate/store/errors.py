"""The one place where a driver's error becomes ours: what failed, where, and what to do.

A violated constraint or a wrong statement is a bug of ours and passes through as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from syndicate.errors import StoreError

# An old -wal would be taken for a part of the backup, and damage it.
RESTORE = "stop the service, move the file away with its -wal and -shm, and put a backup in its place (docs/backup.md)"

_CROWDED = "the server's connections are all in use: raise its max_connections, or run fewer processes"

# What the drivers say (lower case), and what an operator can do about it; the first that fits is told.
_ADVICE = (
    ("locked", "another process has been writing for too long: see `syndicate doctor`, then try again"),
    ("disk is full", "the disk is full: free some space; it goes on by itself then"),
    ("no space left", "the disk is full: free some space; it goes on by itself then"),
    ("disk i/o error", "the disk fails: look at the system's log, check the disk, run `syndicate doctor`"),
    ("read-only", "the server takes no writes: name the one that leads in SYNDICATE_DATABASE_URL"),
    ("readonly", "the database can't be written: check the owner and the mode of the file and its folder"),
    ("unable to open", "the file can't be opened: check that its folder exists and may be written"),
    ("malformed", f"the file is damaged: {RESTORE}"),
    ("not a database", f"the file is not an SQLite database: check the address, or {RESTORE}"),
    ("no such table", "the tables are not there yet: run `syndicate up`, or upgrade the store"),
    ("does not exist", "a database, role or table is missing: create it, or upgrade the store"),
    (
        "permission denied for",
        "the user may not do this: make it the owner of the database, or GRANT CREATE ON SCHEMA public",
    ),
    ("no schema has been", "there is no schema public that the user may see: create it, or grant its use"),
    ("authentication failed", "the server refuses user or password: check SYNDICATE_DATABASE_URL"),
    ("too many clients", _CROWDED),
    ("connection slots", _CROWDED),
    ("connection", "the server can't be reached: check that it runs and SYNDICATE_DATABASE_URL"),
)


# What PostgreSQL calls an error of the program, and is one of who set it up: a table, database or schema that is
# missing, or a user who may not do what it has to.
_SET_UP_WRONG = frozenset({"42P01", "3D000", "3F000", "42501"})


@contextmanager
def translated(doing: str, where: str) -> Iterator[None]:
    """Turn a database failure inside into StoreError; `where` is the store's address without its password."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreError(f"{where}: {doing}: all connections are in use; try again, or add processes") from error
    except exc.DBAPIError as error:
        if not _is_failure(error):
            raise
        raise StoreError(f"{where}: {doing}: {_explain(error)}") from error


def _is_failure(error: exc.DBAPIError) -> bool:
    if isinstance(error, exc.IntegrityError | exc.DataError | exc.NotSupportedError):
        return False
    set_up_wrong = getattr(error.orig, "sqlstate", "") in _SET_UP_WRONG
    return set_up_wrong or not isinstance(error, exc.ProgrammingError)


def _explain(error: exc.DBAPIError) -> str:
    error = _cause(error)
    said = str(error.orig).strip().partition("\n")[0]
    lowered = said.lower()
    advice = next((advice for mark, advice in _ADVICE if mark in lowered), "run `syndicate doctor`")
    return f"{said} ({advice})"


def _cause(error: exc.DBAPIError) -> exc.DBAPIError:
    """The failure behind the failure to go back to a savepoint.

    On a full disk or an I/O error SQLite undoes the whole transaction by itself; the savepoint is gone, too.
    """
    before = error.__context__
    while "savepoint" in str(error.orig) and before is not None:
        if isinstance(before, exc.DBAPIError):
            return _cause(before)
        before = before.__context__
    return error
