"""The way to the full server: whose it is, and when an answer is over."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import uvloop

from syndicate.web import door
from syndicate.web.lane import Lane
from syndicate.web.tunnel import Answer
from tests.web.wire import Wire, settings

HEAD = b"HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 5\r\n\r\n"


@pytest.mark.parametrize("piece", [1, 7, 1_000])
def test_measured(piece: int) -> None:
    """An answer that says its length is over with its last byte, in whatever pieces it comes."""
    answer = Answer()
    data = HEAD + b"hello"
    for position in range(0, len(data), piece):
        assert not answer.over
        answer.add(data[position : position + piece])
    assert answer.over
    assert answer.measured
    assert not answer.closes


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n"]
)
def test_without_body(head: bytes) -> None:
    """304 and 204 have no body, and an answer to HEAD has none, whatever length it speaks of."""
    answer = Answer()
    answer.add(head)
    assert answer.over
    answer = Answer(is_head=True)
    answer.add(HEAD)
    assert answer.over


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        b"nonsense\r\n\r\n",
        HEAD + b"hello and more",
        b"a" * 70_000,
    ],
)
def test_not_measured(data: bytes) -> None:
    """Where the end can't be known for certain, the tunnel keeps the connection."""
    answer = Answer()
    answer.add(data)
    assert not answer.measured
    assert not answer.over


def test_last_answer() -> None:
    """An answer that closes the connection says so; and so does the request."""
    answer = Answer()
    answer.add(HEAD.replace(b"server: x", b"Connection: close"))
    assert answer.closes
    assert Answer(closes=True).closes


@pytest.mark.parametrize("client", ["192.0.2.7", "2001:db8:1:2:3:4:5:6789", "::ffff:192.0.2.7", "fe80::1%eth0", ""])
def test_name_of_a_passage(client: str) -> None:
    """Who listens behind the door hears for whom a connection came; nothing is left behind."""
    with door.made() as folder, socket.socket(socket.AF_UNIX) as listener:
        assert folder.stat().st_mode & 0o077 == 0
        listener.bind(str(door.listener(folder)))
        listener.listen()
        with door.passed(folder, client) as passage:
            behind, name = listener.accept()
            with behind:
                assert door.client_behind(name) == client
                passage.sendall(b"x")
                assert behind.recv(1) == b"x"
        assert {path.name for path in folder.iterdir()} == {door.listener(folder).name, door._HELD}
    assert not folder.exists()


def test_closed_door(tmp_path: Path) -> None:
    """A door behind which nobody listens is an error, and leaves nothing behind."""
    with door.made() as folder:
        with pytest.raises(OSError, match="No such file"):
            door.passed(folder, "192.0.2.7")
        assert [path.name for path in folder.iterdir()] == [door._HELD]


def test_other_addresses_are_left() -> None:
    """An address that came by no door is what it is."""
    assert door.client_behind("192.0.2.7") == "192.0.2.7"
    assert door.client_behind("") == ""


class Leaver:
    """A client that has gone."""

    def came_back(self, data: bytes) -> None:
        """Nobody hears it."""

    def tunnel_ended(self, *, reached: bool) -> None:
        """Nobody hears it."""

    def hold(self, *, full: bool) -> None:
        """Nobody hears it."""


def test_closed_while_it_opens(wire: Wire) -> None:
    """A tunnel whose client goes while it opens closes its own file, and never another that has got its number."""

    async def scene() -> None:
        with door.made() as folder, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(door.listener(folder)))
            listener.listen()
            lane = Lane(wire.edge.feeds, settings().serve, folder)
            tunnel = lane.tunnel(Leaver(), "192.0.2.7")
            tunnel.close()
            while lane._dials:
                await asyncio.sleep(0)
            listener.accept()[0].close()
            others = [os.open(os.devnull, os.O_RDONLY) for _ in range(20)]
            del tunnel
            gc.collect()
            for number in others:
                os.close(number)  # fails if somebody else closed it

    uvloop.run(scene())


def test_doors_of_the_dead_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A door that a killed process left goes when the next is made; one that is held, or only just begun, stays."""
    program = "import sys; from syndicate.web import door; made = door.made(); print(made.__enter__(), flush=True);"
    command = [sys.executable, "-c", program + "sys.stdin.read()"]
    with tempfile.TemporaryDirectory(dir="/tmp") as place:  # a path that is short enough for doors
        monkeypatch.setattr("tempfile.tempdir", place)
        environment = {**os.environ, "TMPDIR": place}
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:
            assert killed.stdout is not None
            left = Path(os.fsdecode(killed.stdout.readline().strip()))
            with door.made() as held:
                assert left.is_dir()
                killed.kill()
                killed.wait()
                begun = Path(tempfile.mkdtemp(prefix=door._PREFIX))
                with door.made():
                    assert set(Path(place).iterdir()) > {held, begun}
                    assert not left.exists()
