"""Loads a server with wrk from another core and says what it took."""

import os
import re
import subprocess
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.serve_feeds import TOPICS

CONNECTIONS = 32
HALF_LOAD_CONNECTIONS = 128

_MIX = """
local etags = { ETAGS }
local requests = {}
function init(args)
  local host = wrk.headers["Host"]
  for n = 0, TOPICS - 1 do
    local path = "/feeds/t" .. n .. ".rss"
    local headers = { ["Host"] = host, ["Accept-Encoding"] = "gzip" }
    requests[n * 2] = wrk.format("GET", path, headers)
    headers["If-None-Match"] = etags[n + 1]
    requests[n * 2 + 1] = wrk.format("GET", path, headers)
  end
end
local turn = 0
function request()
  turn = turn + 1
  local n = (turn * 7) % TOPICS
  return requests[n * 2 + ((turn % 10 == 0) and 0 or 1)]
end
"""
_DELAY = "function delay() return math.random(0, {most}) end\n"
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Measure:
    """One load: requests a second, latencies in milliseconds, the server's CPU time for each request."""

    rate: float
    p50: float
    p99: float
    cpu_us: float
    failed: int


@dataclass(frozen=True)
class Target:
    """A server under test. `pid` is its first process."""

    name: str
    port: int
    pid: int

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def etag(self, topic: int, coding: str) -> str:
        """The ETag that it gives for a feed."""
        request = urllib.request.Request(f"{self.base}/feeds/t{topic}.rss", headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers["ETag"])


def load(target: Target, scenario: str, seconds: int, core: int, folder: Path, half_of: float = 0.0) -> Measure:
    """Load a server; `scenario` is "200", "gzip", "304" or "mix". With `half_of` (a rate) at half of that rate."""
    url, arguments = f"{target.base}/feeds/t1.rss", []
    script = folder / f"{target.name.replace(' ', '-')}-{scenario}{'-half' if half_of else ''}.lua"
    code = ""
    if scenario == "gzip":
        arguments = ["-H", "Accept-Encoding: gzip"]
    elif scenario == "304":
        arguments = ["-H", f"If-None-Match: {target.etag(1, 'identity')}"]
    elif scenario == "mix":
        etags = ", ".join(f"[[{target.etag(n, 'gzip')}]]" for n in range(TOPICS))
        code = _MIX.replace("ETAGS", etags).replace("TOPICS", str(TOPICS))
    connections = CONNECTIONS
    if half_of:
        connections = HALF_LOAD_CONNECTIONS
        code += _DELAY.format(most=round(2 * 1000 * connections / (half_of / 2)))
    if code:
        script.write_text(code)
        arguments += ["-s", str(script)]
    before = _cpu_seconds(target.pid)
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    said = subprocess.run([*command, *arguments, url], capture_output=True, text=True, check=True).stdout
    return _read(said, _cpu_seconds(target.pid) - before)


def _read(said: str, cpu: float) -> Measure:
    requests = int(_found(r"(\d+) requests in", said))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    failed = (int(bad[1]) if bad else 0) + (sum(map(int, broken.groups())) if broken else 0)
    p50, p99 = (_milliseconds(_found(rf"(?m)^\s+{share}%\s+(\S+)$", said)) for share in (50, 99))
    return Measure(float(_found(r"Requests/sec:\s+([\d.]+)", said)), p50, p99, 1e6 * cpu / max(requests, 1), failed)


def _found(pattern: str, said: str) -> str:
    match = re.search(pattern, said)
    if match is None:
        raise SystemExit(f"wrk said something unexpected:\n{said}")
    return match[1]


def _milliseconds(text: str) -> float:
    match = re.fullmatch(r"([\d.]+)(\w+)", text)
    return float(match[1]) * _UNITS[match[2]] if match else float("nan")  # nothing was answered at all


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process and its descendants."""
    ticks = 0
    waiting = [pid]
    while waiting:
        here = Path(f"/proc/{waiting.pop()}")
        fields = (here / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        for task in (here / "task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # a thread that was idle has ended
                waiting += map(int, (task / "children").read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")
