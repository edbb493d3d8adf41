"""The commands that keep running: `up`, and its three roles alone."""

import os
import signal
import socket
import threading
import time
from pathlib import Path
from types import FrameType

import click
import structlog

from syndicate import bootstrap
from syndicate.cli.loading import load_settings
from syndicate.settings import Settings
from syndicate.trial import trial

log = structlog.get_logger()

END_SECONDS = 9.0  # all that a role does to end takes less; it is killed after ten


def _settings() -> Settings:
    return load_settings(trial)


def _stopped_by_signals(in_time: bool = False) -> threading.Event:
    """An event that SIGTERM, SIGINT and SIGHUP set; `in_time`, the process ends even if something then hangs."""
    stop, asked = threading.Event(), threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()
        asked.set()

    def end_all_the_same() -> None:
        asked.wait()
        time.sleep(END_SECONDS)
        log.error("ended although something still hangs; what was under way is done again", seconds=END_SECONDS)
        os._exit(1)

    if in_time:
        threading.Thread(target=end_all_the_same, name="end", daemon=True).start()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup` wants it to go on
        signal.signal(signal.SIGHUP, end)
    return stop


def _supervised(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """End like on SIGTERM when the supervisor dies, even by `kill -9`: its end of our standard input then closes."""
    del context, parameter
    if value:

        def watch() -> None:
            # Not through `sys.stdin`: we would hold its lock, and a web process forked meanwhile would wait for it.
            while os.read(0, 4096):
                pass
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()


_role = click.option("--supervised", is_flag=True, hidden=True, expose_value=False, callback=_supervised)


@click.command()
def up() -> None:
    """Run everything on this machine: private Redis if none is set, scheduler, worker and web."""
    from syndicate.supervisor import supervise  # noqa: PLC0415 - each role loads only what it runs

    supervise(_settings(), _stopped_by_signals())


@click.command()
@_role
def serve() -> None:
    """Serve feeds, pages and the API; any number of these may run."""
    from syndicate.web.listener import listen  # noqa: PLC0415 - see above
    from syndicate.web.server import supervise as run  # noqa: PLC0415

    stop = _stopped_by_signals()
    settings = _settings()
    with listen(settings.bind) as listener:  # before the store: who is turned away here has changed nothing
        bootstrap.open_store(settings).close()  # fail here, with a clear line, and not in every web process
        run(settings, listener, stop, os.environ)
    bootstrap.settle_store(settings)


@click.command("serve-feeds", hidden=True)
@click.argument("door", type=click.Path(path_type=Path))
@click.argument("listener", type=int)
@_role
def serve_feeds(door: Path, listener: int) -> None:
    """Serve feeds on a socket that `serve` opened; all the rest goes through its door."""
    from syndicate.web.lane import serve as run  # noqa: PLC0415 - see above

    settings = _settings()
    with socket.socket(fileno=listener) as public:
        run(bootstrap.web_feeds(settings), settings.serve, public, door)


@click.command("serve-pages", hidden=True)
@click.argument("door", type=click.Path(path_type=Path))
@_role
def serve_pages(door: Path) -> None:
    """Serve everything that is not a feed, behind the door of `serve`."""
    from syndicate.web.server import serve_pages as run  # noqa: PLC0415 - see above

    run(_settings().serve, door, bootstrap.web_application)


@click.command()
@_role
def schedule() -> None:
    """Find what is due and queue it; one leads, any others stand by."""
    from syndicate.scheduler import Ticker  # noqa: PLC0415 - see above
    from syndicate.scheduler import schedule as run  # noqa: PLC0415

    stop = _stopped_by_signals(in_time=True)
    settings = _settings()
    with bootstrap.services(settings) as parts:
        run(Ticker(parts.store, parts.queue, settings, parts.publish, parts.now), stop)


@click.command()
@_role
def work() -> None:
    """Take queued runs and carry them out, and push what is published; any number of these may run."""
    from syndicate.worker import work as run  # noqa: PLC0415 - see above

    stop = _stopped_by_signals(in_time=True)
    with bootstrap.services(_settings()) as parts:
        parts.sandbox.start()
        with bootstrap.pushing(parts):
            run(parts.queue, parts.runs, parts.store, parts.now, stop)
