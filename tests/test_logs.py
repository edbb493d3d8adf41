"""Logs as programs read them."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from syndicate.logs import Once, Seldom
from syndicate.scheduler import Pulse

PROGRAM = """
import logging, structlog
from syndicate import logs
logs.configure("info", "json")
try:
    {}["the cause"]
except KeyError:
    logging.getLogger("library").exception("it broke")
    structlog.get_logger().exception("it broke")
"""


def test_what_went_wrong_is_told_whoever_logs_it() -> None:
    """An exception is logged with its traceback as text, by a library as by us."""
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stderr
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["it broke"] * 2
    assert all(line["exception"].endswith("KeyError: 'the cause'") for line in lines)


SECRETIVE = """
import logging, structlog
from syndicate import logs
logs.configure("info", "console")
def fetch(address):
    raise KeyError("the cause")
try:
    fetch("".join(["pass", "word"]))
except KeyError:
    logging.getLogger("library").exception("it broke")
    structlog.get_logger().exception("it broke")
"""


def test_no_value_of_a_variable_reaches_a_terminal() -> None:
    """A traceback on a terminal tells where and why, and holds no tokens and addresses that were at hand there."""
    said = subprocess.run([sys.executable, "-c", SECRETIVE], capture_output=True, text=True, check=True).stderr
    assert said.count("it broke") == 2
    assert said.count("KeyError: 'the cause'") == 2
    assert "in fetch" in said
    assert "password" not in said


ADDRESSED = """
import logging, structlog
from syndicate import logs
logs.configure("info", "{form}")
address = "https://lake.example/feed?key=SECRET&n=1#top"
structlog.get_logger().info("ingested", error=address + ": no feed", failures=[dict(where=address)])
logging.getLogger("library").error("%s: (%s) broke", address, address)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_query_of_an_address_is_logged(form: str) -> None:
    """Logs travel further than reports: what stands behind the question mark of an address may be a key."""
    program = [sys.executable, "-c", ADDRESSED.format(form=form)]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stderr
    assert said.count("https://lake.example/feed?...") == 4
    assert "no feed" in said
    assert "SECRET" not in said


def test_libraries_say_the_same_once_a_minute() -> None:
    """While Redis is away the queue's consumers tell so as a warning, and no more often than somebody wants to read."""
    seldom = Seldom()

    def told(name: str, text: str, at: float, cause: bool = False) -> str:
        raised = (ValueError, ValueError("a bug"), None) if cause else None
        record = logging.LogRecord(name, logging.CRITICAL, "worker.py", 1, text, ("Error 111",), raised)
        record.created = at
        return record.levelname if seldom.filter(record) else ""

    lost, bug = "Consumer encountered a connection error: %s", "Consumer encountered an unexpected error: %s"
    consumer, delayed = "dramatiq.worker.ConsumerThread(a)", "dramatiq.worker.ConsumerThread(a.DQ)"
    assert [told(consumer, lost, 0), told(delayed, lost, 0), told(consumer, lost, 59)] == ["WARNING", "", ""]
    assert told(consumer, bug, 0) == "CRITICAL"
    assert [told(consumer, bug, at, cause=True) for at in (1, 2)] == ["CRITICAL"] * 2
    assert told(consumer, lost, 60) == "WARNING"
    assert [told("alembic", lost, at) for at in (1, 2)] == ["CRITICAL"] * 2
    assert str(Pulse(5)) == "every 5 s"


FULL = """
import logging, structlog, sys
from syndicate import logs
logs.configure("info", "{form}")
structlog.get_logger().warning("it broke")
logging.getLogger("library").error("it broke")
print("the work is done")
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_full_disk_of_logs_stops_no_work(form: str) -> None:
    """What can't be logged is lost, and nothing else: the disk of the log may be full, or its reader gone."""
    program = [sys.executable, "-c", FULL.format(form=form)]
    for unbuffered in ("", "1"):  # in containers Python mostly is
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        with Path("/dev/full").open("w") as full:
            ended = subprocess.run(program, stdout=-1, stderr=full, text=True, check=True, env=environment)
        assert ended.stdout == "the work is done\n"
        ended = subprocess.run(program, capture_output=True, text=True, check=True, env=environment)
        assert ended.stderr.count("it broke") == ended.stderr.count("\n") == 2


def test_we_say_the_same_once_a_minute() -> None:
    """What fails for the same reason all night fills no log; another reason, another role and a traceback do tell."""
    time = 0.0
    once = Once(lambda: time)

    def told(name: str = "error", **words: object) -> bool:
        try:
            return bool(once(None, name, {"event": "tick failed", **words}))
        except structlog.DropEvent:
            return False

    assert [told(reason="locked"), told(reason="locked"), told(reason="full")] == [True, False, True]
    assert [told(exc_info=True), told(exc_info=True)] == [True, True]
    assert [told("info", source="gull"), told("info", source="gull")] == [True, True]
    time = 60.0
    assert told(reason="locked")
