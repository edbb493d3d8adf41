"""`syndicate up`: a private Redis and the three roles as processes of their own, kept alive until we are stopped."""

import os
import threading
from contextlib import ExitStack

import structlog

from syndicate import bootstrap
from syndicate.child import Child, end
from syndicate.errors import SyndicateError
from syndicate.private_redis import PrivateRedis
from syndicate.settings import Settings
from syndicate.web.listener import listen

log = structlog.get_logger()

ROLES = ("schedule", "work", "serve")
LOOK_SECONDS = 0.5
STOP_SECONDS = 8.0  # with the private Redis after it, all is gone within ten


def supervise(settings: Settings, stop: threading.Event) -> None:
    """Run everything until `stop` is set. Raises SyndicateError if it can't: then the store is as it was."""
    listen(settings.bind).close()  # an address that is taken is no reason to start `serve` again and again
    with ExitStack() as stack:
        environment = dict(os.environ)
        private: PrivateRedis | None = None
        if not settings.redis_url:
            private = stack.enter_context(bootstrap.private_redis(settings))
            environment["SYNDICATE_REDIS_URL"] = private.url
        bootstrap.open_store(settings).close()  # last: who may not run here must not bring a configuration in
        stack.callback(bootstrap.settle_store, settings)
        roles = [Child(name, [name], environment) for name in ROLES]
        stack.callback(end, roles, STOP_SECONDS)
        log.info("syndicate is up", address=settings.public_url, store=settings.store_url.partition(":")[0])
        while not stop.is_set():
            try:
                _look(private, roles)
            except (SyndicateError, OSError) as error:  # no memory, no disk: it may be there again in a while
                log.error("can't start again", reason=str(error))
            stop.wait(LOOK_SECONDS)
        log.info("stopping")


def _look(private: PrivateRedis | None, roles: list[Child]) -> None:
    """Start again what has died."""
    for role in roles:
        role.look()
    if private is not None and not private.running:
        log.error("private Redis died")
        private.stop()
        private.start()
