"""The process that renders pages, and those that it starts."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.waiting import until

_HANGS = """
import os, signal, sys, threading
from pathlib import Path
from syndicate.settings import ServeSettings
from syndicate.web.server import serve_pages

def build():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    Path(sys.argv[1], "worker").write_text(str(os.getpid()))
    threading.Event().wait()

serve_pages(ServeSettings(), Path(sys.argv[1]), build)
"""


def test_what_hangs_does_not_outlive_its_master(tmp_path: Path) -> None:
    """A process that renders pages and hangs, deaf to signals, is gone when the one that started it was killed."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    master = subprocess.Popen([sys.executable, "-P", "-c", _HANGS, str(tmp_path)], env=environment)
    told = tmp_path / "worker"
    try:
        until(lambda: told.exists() and told.read_text())
        worker = int(told.read_text())
        master.kill()
        master.wait()
        until(lambda: not Path(f"/proc/{worker}").exists())
    finally:
        master.kill()
        if told.exists() and Path(f"/proc/{told.read_text()}").exists():
            os.kill(int(told.read_text()), signal.SIGKILL)
