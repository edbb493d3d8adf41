"""Logs as programs read them."""

import json
import subprocess
import sys

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
