"""Granian, set up for us: each worker process loads `syndicate.bootstrap.web_application`."""

from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes

from syndicate.settings import Settings


def serve(settings: Settings) -> None:
    """Serve on the configured address until SIGTERM or SIGINT, then finish the requests under way."""
    host, _, port = settings.bind.rpartition(":")
    server = Granian(
        "syndicate.bootstrap:web_application",
        factory=True,
        address=host.strip("[]"),
        port=int(port),
        interface=Interfaces.WSGI,
        workers=settings.serve.workers,
        blocking_threads=settings.serve.threads,  # a slow page must not hold up the feeds, so never just one
        runtime_mode=RuntimeModes.mt,  # wakes its one thread with fewer system calls than `st`; see docs/performance.md
        http=HTTPModes.http1,  # partners' importers and proxies speak it; no time is spent on looking for HTTP/2
        websockets=False,
        log_access=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    server.serve()
