"""The web door as one WSGI application: the edge in front, Flask behind it."""

from collections.abc import Callable
from datetime import datetime

from syndicate.cache import Cache
from syndicate.settings import Settings
from syndicate.store import Store
from syndicate.web.app import create_app
from syndicate.web.edge import Edge
from syndicate.web.services import Enqueue, WebServices


def build(settings: Settings, store: Store, cache: Cache, enqueue: Enqueue, now: Callable[[], datetime]) -> Edge:
    """What a web process serves. It follows what is published from the start, so that metrics know of it."""
    services = WebServices(settings, store, cache, enqueue, now)
    edge = Edge(create_app(services).wsgi_app, services)
    edge.start()
    return edge
