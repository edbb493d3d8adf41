"""Which file a store has open: another may come to stand in its place, and SQLite goes on with the one that is lost."""

from pathlib import Path

from syndicate.errors import StoreError


class Opened:
    """The file at this path as it was when it was first opened; None where the store is a server's."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._first: tuple[int, int] | None = None

    def remember(self, *_: object) -> None:
        """A connection was opened: whatever comes later, this is the file."""
        self._first = self._first or self._now()

    def check(self) -> None:
        """Raise StoreError if it was removed or replaced since."""
        if self._first is not None and self._first != self._now():
            raise StoreError(
                f"{self._path}: the file was removed or replaced while it is in use, so that what is written is lost: "
                "stop the service, put the right file there (docs/backup.md says how), and start it again"
            )

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None
