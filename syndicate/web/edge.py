"""The edge: answers for public feeds and signs of life before Flask hears of the request, as WSGI has it."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.formats import is_feed_path
from syndicate.web.asked import LIVE_PATH, Asked, asked, is_misaddressed
from syndicate.web.door import client_behind
from syndicate.web.feeds import Feeds
from syndicate.web.reply import Reply
from syndicate.web.services import WebServices

# Probes must be answered whatever else a machine does.
_UNCOUNTED = frozenset({LIVE_PATH, "/health/ready", "/metrics"})


class Edge:
    """A WSGI application: public feeds as `Feeds` decides, all the rest from `app`."""

    def __init__(self, app: WSGIApplication, services: WebServices) -> None:
        self.feeds = Feeds(services.settings, services.store, services.cache, services.tally)
        self.shelf = self.feeds.shelf
        self.follower = self.feeds.follower
        self._app = app

    def start(self) -> None:
        """Read the list of feeds and begin to follow what is published."""
        self.feeds.start()

    def close(self) -> None:
        """Stop following."""
        self.feeds.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ["REMOTE_ADDR"] = client_behind(environ.get("REMOTE_ADDR", ""))
        reply = self._reply(environ["PATH_INFO"], environ)
        if reply is None:
            return self._app(environ, start_response)
        head, body = reply
        start_response(head.status, head.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _reply(self, path: str, environ: WSGIEnvironment) -> Reply | None:
        """The answer, or None where Flask is to give it."""
        if is_misaddressed(environ.get("SERVER_PROTOCOL", ""), environ.get("HTTP_HOST", "")):
            return self.feeds.misaddressed(path)
        if path == LIVE_PATH:
            return self.feeds.live(_question(path, environ))
        if path in _UNCOUNTED:
            return None
        too_many = self.feeds.turned_away(path, environ["REMOTE_ADDR"], environ.get("HTTP_X_FORWARDED_FOR", ""))
        return self._feed(path, environ) if too_many is None and is_feed_path(path) else too_many

    def _feed(self, path: str, environ: WSGIEnvironment) -> Reply:
        question = _question(path, environ)
        return self.feeds.at_once(question) or self.feeds.slowly(question)


def _question(path: str, environ: WSGIEnvironment) -> Asked:
    headers = {name[5:].replace("_", "-").lower(): v for name, v in environ.items() if name.startswith("HTTP_")}
    return asked(environ["REQUEST_METHOD"], path, environ.get("SERVER_PROTOCOL", ""), headers)
