"""The web door as one WSGI application: the edge in front, Flask behind it."""

from syndicate.web.app import create_app
from syndicate.web.edge import Edge
from syndicate.web.services import WebServices


def build(services: WebServices) -> Edge:
    """What a web process serves. It follows what is published from the start, so that metrics know of it."""
    edge = Edge(create_app(services).wsgi_app, services)
    edge.start()
    return edge
