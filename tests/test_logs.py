"""Logs as programs read them."""

import json
import logging
import subprocess
import sys

import pytest

from syndicate.logs import Seldom
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
