"""Folders as sources: articles that somebody lays down as files.

Whoever can write into such a folder is not trusted. Files are opened by name below an open folder, never through a
link, never a device or a pipe, and only once nobody writes to them any more. Taken files move to `done/` or `failed/`
inside the folder.
"""

import math
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.errors import FetchError, RefusedError
from syndicate.model import Failure, Payload

DONE = "done"
FAILED = "failed"
SETTLE_SECONDS = 2.0

_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
}
# What editors, browsers and upload tools call a file that they are not done with: "~$x.html", "x.html.part" has no
# type of ours anyway, but "x.part.html" and "x.tmp.txt" have.
_UNFINISHED = ("part", "partial", "tmp", "temp", "crdownload", "filepart", "download", "swp", "upload")
# Where people write articles, too.
_DOCUMENTS = frozenset({".doc", ".docx", ".odt", ".rtf", ".pdf", ".pages", ".eml", ".wpd"})
_LONGEST_NAME = 200
_REASON = ".reason"
_ROOM = 255 - len(_REASON)  # bytes that file systems leave for a moved file's name
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits to be taken, as it was when it was listed.

    Its time is told `early` seconds earlier, so that no other file of the list has the same.
    """

    name: str
    size: int
    changed_ns: int
    early: int = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder source; `limit` is the size in bytes beyond which a file is refused."""

    path: Path
    limit: int = 5_000_000
    settle: float = SETTLE_SECONDS

    def waiting(self, now: datetime) -> tuple[Waiting, ...]:
        """The files that can be taken, by name: of a known type, finished, and unchanged for `settle` seconds.

        A file whose times lie in the future is taken, too: a wrong clock must not hide an article. Raises FetchError
        if the folder can't be listed.
        """
        settled_before = (now - timedelta(seconds=self.settle)).timestamp() * 1e9
        future = (now + timedelta(seconds=self.settle)).timestamp() * 1e9
        found: dict[Waiting, int] = {}
        with self._opened() as folder:
            for name in sorted(os.listdir(folder)):  # noqa: PTH208 - an open folder, not a path
                if not takes(name):
                    continue
                try:
                    seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
                except OSError:
                    continue  # gone since it was listed
                changed = max(seen.st_mtime_ns, seen.st_ctime_ns)
                if stat.S_ISREG(seen.st_mode) and (changed <= settled_before or changed > future):
                    found[Waiting(name, seen.st_size, changed)] = int(seen.st_mtime)
        return tuple(_a_second_apart(found))

    def overlooked(self) -> tuple[Failure, ...]:
        """What somebody may take for an article that waits here, but is none that we read, and why."""
        with self._opened() as folder:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - as above
        return tuple(
            Failure(name.encode("utf-8", "backslashreplace").decode()[:300], reason)
            for name in names
            if (reason := _overlooked(name))
        )

    def read(self, waiting: Waiting) -> Payload:
        """The file's bytes; raises RefusedError for what is no plain file of sane size, FetchError if it can't be read.

        A file that changed since it was listed, or while it was read, is a FetchError: it will be listed again.
        """
        _refuse_strange_name(waiting.name)
        with self._opened() as folder:
            try:
                descriptor = os.open(waiting.name, _READ_FLAGS, dir_fd=folder)
            except OSError as error:
                raise FetchError(f"{waiting.name} can't be opened ({error.strerror})") from error
            with open(descriptor, "rb") as file:  # noqa: PTH123 - an open descriptor, not a path
                before = os.fstat(descriptor)
                if not stat.S_ISREG(before.st_mode):
                    raise RefusedError(f"refused: {waiting.name} is not a plain file")
                if before.st_size > self.limit:
                    raise RefusedError(
                        f"refused: {waiting.name} has {before.st_size} bytes, at most {self.limit} are read"
                    )
                try:
                    body = file.read(self.limit + 1)
                except OSError as error:
                    raise FetchError(f"{waiting.name} can't be read ({error.strerror})") from error
                after = os.fstat(descriptor)
        if not (_version(before) == _version(after) == (waiting.size, waiting.changed_ns)) or len(body) != waiting.size:
            raise FetchError(f"{waiting.name} is still being written")
        return Payload(
            body=body,
            url=(self.path.absolute() / waiting.name).as_uri(),
            content_type=_TYPES[Path(waiting.name).suffix.lower()],
            modified=datetime.fromtimestamp(before.st_mtime - waiting.early, UTC),
        )

    def holds(self, waiting: Waiting) -> bool:
        """Whether the file is there as it was listed; an editor may have saved a newer version meanwhile."""
        with self._opened() as folder:
            try:
                seen = os.stat(waiting.name, dir_fd=folder, follow_symlinks=False)
            except OSError:
                return False
        return _version(seen) == (waiting.size, waiting.changed_ns)

    def done(self, name: str) -> str:
        """Move a taken file to `done/`; returns its new name there. A file that is gone is no error."""
        return self._move(name, DONE)

    def failed(self, name: str, reason: str) -> str:
        """Move a file to `failed/` and lay the reason beside it; returns its new name there."""
        moved = self._move(name, FAILED)
        if moved:
            try:
                with self._opened() as folder, _subfolder(folder, FAILED) as target:
                    _write_note(f"{moved}{_REASON}", f"{reason}\n", target)
            except OSError as error:
                raise FetchError(f"the reason for {name} can't be written ({error.strerror})") from error
        return moved

    def _move(self, name: str, into: str) -> str:
        _refuse_strange_name(name)
        try:
            with self._opened() as folder, _subfolder(folder, into) as target:
                return _move_freely(name, folder, target)
        except OSError as error:
            raise FetchError(f"{name} can't be moved to {into}/ ({error.strerror})") from error

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            folder = os.open(self.path, _FOLDER_FLAGS)
        except OSError as error:
            raise FetchError(f"the folder {self.path} can't be opened ({error.strerror})") from error
        try:
            yield folder
        finally:
            os.close(folder)


def _a_second_apart(found: Mapping[Waiting, int]) -> Iterator[Waiting]:
    """The files with times of their own, the first by name the newest of those that were written in one second."""
    early, last = {}, math.inf
    for file, second in sorted(found.items(), key=lambda one: -one[1]):
        last = min(second, last - 1)
        early[file] = int(second - last)
    return (replace(file, early=early[file]) for file in found)


def takes(name: str) -> bool:
    """Whether a file of this name is an article: a known type, not hidden, not marked as unfinished."""
    if _is_hidden(name) or len(name) > _LONGEST_NAME:
        return False
    if Path(name).suffix.lower() not in _TYPES or not name.isprintable():
        return False
    return not _is_unfinished(name)


def _overlooked(name: str) -> str:
    """Why a file that looks like an article is none of ours; "" for one that does not, or that is."""
    if takes(name) or _is_hidden(name):
        return ""
    suffix = Path(name).suffix.lower()
    if suffix in _DOCUMENTS:
        return f"{suffix} files are not read; expected one of {', '.join(_TYPES)}"
    return "files with such a name are not read; rename it" if suffix in _TYPES and not _is_unfinished(name) else ""


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~", "#", "_")) or name.endswith("~")


def _is_unfinished(name: str) -> bool:
    return any(part.lower() in _UNFINISHED for part in name.split(".")[1:-1][-1:])


@contextmanager
def _subfolder(folder: int, name: str) -> Iterator[int]:
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=folder)
    target = os.open(name, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=folder)
    try:
        yield target
    finally:
        os.close(target)


def _move_freely(name: str, folder: int, target: int) -> str:
    """Rename without ever overwriting: the new name is reserved by an empty file, which the rename replaces."""
    number = 1
    while True:
        free = _numbered(name, number)
        try:
            os.close(os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=target))
            break
        except FileExistsError:
            number += 1
    try:
        os.rename(name, free, src_dir_fd=folder, dst_dir_fd=target)
    except FileNotFoundError:
        os.unlink(free, dir_fd=target)
        return ""
    except OSError:
        os.unlink(free, dir_fd=target)
        raise
    return free


def _numbered(name: str, number: int) -> str:
    """The name, with a number from the second file of that name on; a long one is shortened at the end of its stem."""
    path = Path(name)
    end = f"-{number}{path.suffix}" if number > 1 else path.suffix
    return path.stem.encode()[: _ROOM - len(end.encode())].decode(errors="ignore") + end


def _write_note(name: str, text: str, folder: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(name, flags, 0o644, dir_fd=folder), "w", encoding="utf-8") as note:  # noqa: PTH123 - as above
        note.write(text)


def _version(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, max(found.st_mtime_ns, found.st_ctime_ns)


def _refuse_strange_name(name: str) -> None:
    if not takes(name) or "/" in name or name in {".", ".."}:
        raise RefusedError(f"refused: {name[:100]!r} is not the name of an article's file")
