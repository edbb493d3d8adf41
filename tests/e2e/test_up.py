"""`syndicate up` as a process of its own: it serves, it mends itself, it leaves nothing behind."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syndicate.model import FEED_FORMATS
from syndicate.store import Store
from tests.e2e.papers import sentences
from tests.e2e.waiting import until
from tests.web.server import free_port

TOKEN = "a-token-for-this-test-alone"
CONFIG = """
[[sources]]
key = "in"
kind = "folder"
location = "in"
keep_files = true
"""


@dataclass(slots=True)
class Service:
    """A running `syndicate up`."""

    process: subprocess.Popen[bytes]
    base: str
    log: Path
    started: float

    def get(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """What a path answers; 0 while nobody listens."""
        request = urllib.request.Request(self.base + path, method=method, headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError:
            return 0, b""

    def starts(self) -> float:
        """Wait for the first article; returns the seconds that an end may take: ten, more on a machine that is busy."""
        until(lambda: b"Pier opens" in self.get("/feeds/all.rss")[1])
        return max(10.0, time.monotonic() - self.started)

    def json(self, path: str, method: str = "GET") -> Any:
        """What a path answers, as JSON."""
        return json.loads(self.get(path, method)[1])

    def processes(self, word: str = "") -> set[int]:
        """The processes that this service started, however deep, with this word on their command line."""
        family, found = {self.process.pid}, set()
        listed = sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        for pid in listed:
            try:
                parent = int(re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, TypeError):
                continue
            if parent in family:
                family.add(pid)
                if word in line:
                    found.add(pid)
        return found


@contextmanager
def up(folder: Path, role: str = "up") -> Iterator[Service]:
    """Run the program in an empty folder until the end of the test."""
    (folder / "in").mkdir()
    (folder / "in" / "pier.txt").write_text("Pier opens\n\nBy Ann Lee\n\n" + "\n\n".join(sentences("pier")))
    os.utime(folder / "in" / "pier.txt", (time.time() + 3600,) * 2)
    (folder / "wire.toml").write_text(CONFIG)
    port, log = free_port(), folder / "log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATE_")} | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SYNDICATE_CONFIG": str(folder / "wire.toml"),
        "SYNDICATE_DATA_DIR": str(folder / "var"),
        "SYNDICATE_BIND": f"127.0.0.1:{port}",
        "SYNDICATE_ADMIN_TOKEN": TOKEN,
        "SYNDICATE_SERVE_REQUESTS_PER_MINUTE": "0",
        "SYNDICATE_ALLOW_PRIVATE": "127.0.0.1",
    }
    for name in ("syndicate", "click", "flask", "lxml"):  # what lies where it is started is nobody's library
        (folder / f"{name}.py").write_text("raise SystemExit(9)")
    program = [sys.executable, "-P", "-m", "syndicate", role]
    with log.open("wb") as said:
        process = subprocess.Popen(program, cwd=folder, env=environment, stdout=said, stderr=said)
    service = Service(process, f"http://127.0.0.1:{port}", log, time.monotonic())
    try:
        yield service
    except BaseException:
        print(log.read_text()[-5000:])  # noqa: T201 - pytest shows it beside the failure
        raise
    finally:
        family = service.processes()
        process.kill()
        process.wait()
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def test_the_whole_service(tmp_path: Path) -> None:
    """From an empty folder: feeds over HTTP, a run by API, every part started again when killed, a clean end.

    While Redis is away no request for a feed fails.
    """
    with up(tmp_path) as service:
        seconds = service.starts()
        assert service.get("/health/ready")[0] == 200

        status, body = service.get("/api/v1/ingest", "POST")
        assert status == 202
        run = json.loads(body)
        path = f"/api/v1/runs/{run['run']['id']}"
        until(lambda: service.json(path)["run"]["state"] == "done")
        assert service.json(path)["run"]["report"][0]["source"] == "in"

        for word in ("syndicate schedule", "syndicate work", "syndicate serve", "redis"):
            before = service.processes(word)
            assert before, f"no process of {word}"
            os.kill(min(before), signal.SIGKILL)
            if word == "redis":
                answers = [service.get(f"/feeds/all.{kind}")[0] for _ in range(10) for kind in FEED_FORMATS]
                assert answers == [200] * 30
            until(lambda word=word, before=before: service.processes(word) - before)
            until(lambda: service.get("/feeds/all.atom")[0] == 200)

        text = "Mill turns\n\n" + "\n\n".join(sentences("mill"))
        (tmp_path / "in" / "mill.txt").write_text(text)
        os.utime(tmp_path / "in" / "mill.txt", (time.time() + 3600,) * 2)
        until(lambda: service.get("/api/v1/ingest", "POST")[0] == 202)
        until(lambda: b"Mill turns" in service.get("/feeds/all.json")[1])

        family = service.processes()
        began = time.monotonic()
        service.process.terminate()
        assert service.process.wait(30) == 0
        assert time.monotonic() - began < seconds
        until(lambda: not {pid for pid in family if Path(f"/proc/{pid}").exists()})
        assert "Traceback" not in service.log.read_text()
        assert beside_store(tmp_path) == []


def beside_store(folder: Path) -> list[str]:
    """The files beside the store that hold a part of it."""
    return [path.name for path in (folder / "var").glob("syndicate.db-*")]


def test_serve_alone_leaves_one_file(tmp_path: Path) -> None:
    """After an orderly end of `serve` the store is one file that holds everything: a copy of it is a backup."""
    with up(tmp_path, "serve") as service:
        until(lambda: service.get("/health/ready")[0] == 200)
        until(lambda: beside_store(tmp_path) != [])
        service.process.terminate()
        assert service.process.wait(30) == 0
        assert beside_store(tmp_path) == []


def test_an_end_under_load_fails_nobody(tmp_path: Path) -> None:
    """Told to end while eight clients ask without pause: no answer is cut off or an error, and leases are free.

    A connection that was only just let in may be closed without a word, after which every client asks again by itself.
    """
    with up(tmp_path) as service:
        seconds = service.starts()
        host, port = service.base.removeprefix("http://").split(":")
        with ThreadPoolExecutor(8) as clients:
            came: list[list[str]] = [[] for _ in range(8)]
            asking = [clients.submit(_ask_until_refused, host, int(port), each) for each in came]
            until(lambda: all(came))
            began = time.monotonic()
            service.process.terminate()
            assert service.process.wait(30) == 0
            assert time.monotonic() - began < seconds
            for one in asking:
                one.result(30)
        answers = Counter(answer for each in came for answer in each)
        assert answers.keys() <= {"200", "no word"}
        assert answers["no word"] <= 8, "more than the one request that each client had on its way"
        store = Store(f"sqlite:///{tmp_path / 'var' / 'syndicate.db'}")
        assert store.acquire("scheduler", "another", datetime.now(UTC), 30) is not None
        store.close()


def _ask_until_refused(host: str, port: int, came: list[str]) -> None:
    """Ask on a new connection each time until nobody listens; notes in `came` what came of each that was let in."""
    while True:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        try:
            connection.connect()
        except OSError:  # the door is closed: this is no failed request
            return
        try:
            answered = False
            connection.request("GET", "/feeds/all.rss")
            answer = connection.getresponse()
            answered = True
            body = answer.read()
            came.append(str(answer.status) if body.rstrip().endswith(b"</rss>") else f"{answer.status}, cut off")
        except (ConnectionResetError, BrokenPipeError) as error:  # http.client's RemoteDisconnected among them
            came.append(repr(error) if answered else "no word")
        except (OSError, http.client.HTTPException) as error:
            came.append(repr(error))
        finally:
            connection.close()


def test_a_killed_supervisor_leaves_nobody_behind(tmp_path: Path) -> None:
    """When `up` itself is killed outright, its roles end by themselves; Redis waits for the next start to end it."""
    with up(tmp_path) as service:
        until(lambda: service.get("/health/live")[0] == 200)
        redis = service.processes("redis-server")
        roles = service.processes("syndicate") - redis  # Redis too, where the checkout itself is called so
        service.process.kill()
        service.process.wait()
        try:
            until(lambda: not {pid for pid in roles if Path(f"/proc/{pid}").exists()})
        finally:
            for pid in redis:
                os.kill(pid, signal.SIGTERM)
