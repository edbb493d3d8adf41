"""The two Flask views that our server is compared with; both answer conditional requests."""

import os

from flask import Flask, Response, request
from redis import Redis

from bench.serve_feeds import TOPICS, feed

_TYPE = "application/rss+xml; charset=utf-8"


def _answer(body: bytes) -> Response:
    response = Response(body, content_type=_TYPE)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response


def plain() -> Flask:
    """A Flask view over a dictionary."""
    app = Flask("plain")
    feeds = {f"t{number}": feed(number) for number in range(TOPICS)}

    @app.get("/feeds/<topic>.rss")
    def view(topic: str) -> Response:
        return _answer(feeds[topic])

    return app


def through_redis() -> Flask:
    """A Flask view that asks Redis at each request."""
    app = Flask("through_redis")
    redis = Redis.from_url(os.environ["BENCH_REDIS_URL"])

    @app.get("/feeds/<topic>.rss")
    def view(topic: str) -> Response:
        return _answer(redis.hget(f"syndicate:feed:{topic}:rss", "identity"))

    return app
