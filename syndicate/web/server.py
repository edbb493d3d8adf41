"""`syndicate serve`: processes that serve feeds on the configured address, and Flask in processes of its own behind.

They are apart so that nothing which happens to a page (a lock, a long computation, a crash) can hold up a feed.
"""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from wsgiref.types import WSGIApplication

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes

from syndicate.child import Child, end
from syndicate.mortal import die_with
from syndicate.settings import ServeSettings, Settings
from syndicate.web import door

log = structlog.get_logger()

LOOK_SECONDS = 0.2
FEEDS_STOP_SECONDS = 5.0
PAGES_STOP_SECONDS = 2.5  # nobody asks for pages any more by then; all is gone within eight


def supervise(
    settings: Settings, listener: socket.socket, stop: threading.Event, environment: Mapping[str, str]
) -> None:
    """Keep the processes that serve on this socket alive until `stop` is set."""
    with door.made() as behind:
        feeds = [
            Child("feeds", ["serve-feeds", str(behind), str(listener.fileno())], environment, [listener.fileno()])
            for _ in range(settings.serve.workers)
        ]
        pages = [Child("pages", ["serve-pages", str(behind)], environment)]
        while not stop.is_set():
            for child in (*feeds, *pages):
                try:
                    child.look()
                except OSError as error:  # no memory, no process: there may be some in a while
                    log.error("can't start again", role=child.name, reason=str(error))
            stop.wait(LOOK_SECONDS)
        listener.close()  # so that the last of the feed processes closes it for good
        end(feeds, FEEDS_STOP_SECONDS)
        end(pages, PAGES_STOP_SECONDS)


def serve_pages(settings: ServeSettings, behind: Path, build: Callable[[], WSGIApplication]) -> None:
    """Run the application that `build` makes behind the door until SIGTERM or SIGINT; finish the requests under way."""
    door.listener(behind).unlink(missing_ok=True)  # of a predecessor that was killed
    server = Granian(
        "syndicate",
        uds=door.listener(behind),
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        runtime_mode=RuntimeModes.mt,  # wakes its one thread with fewer system calls than `st`; see docs/performance.md
        http=HTTPModes.http1,  # partners' importers and proxies speak it; no time is spent on looking for HTTP/2
        websockets=False,
        log_access=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
    )
    master = os.getpid()

    def load() -> WSGIApplication:
        """What each worker runs first: one that hangs would outlive a master that was killed."""
        die_with(master)
        return build()

    server.serve(target_loader=load, wrap_loader=False)  # Granian's own loader looks into the working directory first
