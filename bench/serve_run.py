"""Starts the servers of the benchmark on one core, loads them in turn from another, and prints the ratios.

Servers take turns within each round, so that a machine that is busy for a while is busy for all of them; the
median of the rounds counts.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from bench.serve_feeds import TOPICS, publish, write_files
from bench.serve_load import Measure, Target, load
from syndicate.private_redis import PrivateRedis

SCENARIOS = {"200": "200 identity", "gzip": "200 gzip", "304": "304", "mix": "90 % 304, 10 % 200 gzip, 200 topics"}
HALF_LOAD_TURNS = 5
_MEANWHILE = "nginx, meanwhile"
_ROOT = Path(__file__).resolve().parent.parent
_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=1000;
  gzip_static on; gzip_vary on; etag on; types {{ application/rss+xml rss; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  add_header Cache-Control "public, max-age=60, s-maxage=60, stale-while-revalidate=86400, stale-if-error=86400";
  add_header X-Content-Type-Options nosniff; add_header Content-Security-Policy "default-src 'none'";
  server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}; }}
}}
"""

Results = dict[str, dict[str, list[Measure]]]


def main() -> None:
    """Measure and print."""
    options = _options()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not on PATH: nothing can be measured")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-serve-")))
        folder.chmod(0o755)
        redis = PrivateRedis(folder / "redis")
        stack.enter_context(redis)
        publish(f"sqlite:///{folder / 'syndicate.db'}", redis.url)
        targets = _start(stack, folder, redis.url, options)
        results: Results = {}
        for turn in range(options.rounds):
            print(f"round {turn + 1} of {options.rounds} ...", file=sys.stderr, flush=True)
            for target in targets:
                _measure(results, target, target.name, options, folder)
        ours = next(t for t in targets if t.name == "syndicate")
        _half_load(results, [t for t in targets if t.name in {"nginx", "syndicate"}], options, folder)
        redis.stop()
        for _ in range(options.rounds):
            for target in targets:
                if target.name == "nginx":
                    _measure(results, target, _MEANWHILE, options, folder)
            _measure(results, ours, "syndicate, Redis killed", options, folder)
    _print(results, "nginx" if "nginx" in results else "syndicate")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/serve", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="length of one load (default 3)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all servers (default 3)")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--load-core", type=int, default=1)
    parser.add_argument(
        "--nice", type=int, default=0, help="priority of servers and wrk, on a machine that is not calm"
    )
    parser.add_argument("--only", default="", help="comma-separated names of servers (default: all)")
    options = parser.parse_args()
    if options.nice:
        os.nice(options.nice)
    return options


def _start(stack: ExitStack, folder: Path, redis_url: str, options: argparse.Namespace) -> list[Target]:
    """All servers, started and answering; nginx comes first where it is on PATH."""
    granian = [sys.executable, "-m", "granian", "--no-log", "--interface", "wsgi", "--http", "1", "--factory"]
    granian += ["--blocking-threads", "1", "--no-ws", "--host", "127.0.0.1"]
    ports = {name: _free_port() for name in ("nginx", "syndicate", "flask", "flask-redis")}
    commands = {
        "nginx": ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
        "syndicate": [sys.executable, "-m", "syndicate", "serve"],
        "flask": [*granian, "--port", str(ports["flask"]), "bench.serve_flask:plain"],
        "flask-redis": [*granian, "--port", str(ports["flask-redis"]), "bench.serve_flask:through_redis"],
    }
    if shutil.which("nginx"):
        write_files(folder)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=ports["nginx"], user=user))
    else:
        print("nginx is not on PATH: the ratios are to our own server", file=sys.stderr)
        del commands["nginx"]
    wanted = set(options.only.split(",")) if options.only else set(commands)
    environment = _environment(folder, redis_url, ports["syndicate"])
    return [
        stack.enter_context(_running(name, command, ports[name], environment, options.server_core))
        for name, command in commands.items()
        if name in wanted
    ]


def _environment(folder: Path, redis_url: str, port: int) -> dict[str, str]:
    topics = (f'[[topics]]\nkey = "t{number}"\ntitle = "Topic {number}"\n' for number in range(TOPICS))
    (folder / "syndicate.toml").write_text("".join(topics))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATE_")}
    return {
        **clean,
        "BENCH_REDIS_URL": redis_url,
        "SYNDICATE_CONFIG": str(folder / "syndicate.toml"),
        "SYNDICATE_DATA_DIR": str(folder),
        "SYNDICATE_BIND": f"127.0.0.1:{port}",
        "SYNDICATE_REDIS_URL": redis_url,
        "SYNDICATE_SERVE_WORKERS": "1",
        "SYNDICATE_SERVE_REQUESTS_PER_MINUTE": str(10**12),  # counted as always, but never reached
        "SYNDICATE_LOG_LEVEL": "error",
    }


@contextmanager
def _running(name: str, command: list[str], port: int, environment: dict[str, str], core: int) -> Iterator[Target]:
    pinned = ["taskset", "-c", str(core), *command]
    process = subprocess.Popen(pinned, env=environment, cwd=_ROOT)
    try:
        target = Target(name, port, process.pid)
        _wait(target, process)
        yield target
    finally:
        process.terminate()
        process.wait()


def _wait(target: Target, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 60
    while monotonic() < until and process.poll() is None:
        try:
            target.etag(1, "identity")
        except OSError:
            sleep(0.1)
        else:
            return  # the first answer that is no error
    raise SystemExit(f"{target.name} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _measure(results: Results, target: Target, name: str, options: argparse.Namespace, folder: Path) -> None:
    for scenario in SCENARIOS:
        if scenario == "gzip" and name.startswith("flask"):
            continue  # these views do not compress
        measure = load(target, scenario, options.seconds, options.load_core, folder)
        results.setdefault(name, {}).setdefault(scenario, []).append(measure)


def _half_load(results: Results, targets: list[Target], options: argparse.Namespace, folder: Path) -> None:
    """Load the service, and nginx beside it, at half of the rate that the service can take.

    A hundredth of two seconds is 20 ms: one pause of the machine makes the p99 of a whole round. So there are many
    rounds, and the worst is printed beside the median, to be compared with nginx's.
    """
    for scenario in SCENARIOS:
        full = median(m.rate for m in results["syndicate"][scenario])
        for _ in range(options.rounds * HALF_LOAD_TURNS):
            for target in targets:
                measure = load(target, scenario, options.seconds, options.load_core, folder, half_of=full)
                results.setdefault(f"{target.name}, half load", {}).setdefault(scenario, []).append(measure)


def _print(results: Results, reference: str) -> None:
    for scenario, title in SCENARIOS.items():
        print(f"\n{title}\n{'':26}{'requests/s':>11}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}{'worst':>8}", end="")
        print(f"{'CPU us':>8}{'ratio':>7}{'failed':>8}")
        for name, measured in results.items():
            beside = _MEANWHILE if name.endswith("killed") and _MEANWHILE in results else reference
            base_rate = median(m.rate for m in results[beside][scenario])
            base_cpu = median(m.cpu_us for m in results[beside][scenario])
            if found := measured.get(scenario):
                rate, cpu = median(m.rate for m in found), median(m.cpu_us for m in found)
                p50, p99, worst = median(m.p50 for m in found), median(m.p99 for m in found), max(m.p99 for m in found)
                failed = sum(m.failed for m in found)
                ratios = (rate / base_rate, base_cpu / max(cpu, 0.001))
                print(f"{name:26}{rate:11.0f}{ratios[0]:7.2f}{p50:8.2f}{p99:8.2f}{worst:8.2f}", end="")
                print(f"{cpu:8.1f}{ratios[1]:7.2f}{failed:8}")


if __name__ == "__main__":
    main()
