"""What the HTTP server loads in each web process: the whole service as one WSGI application."""

from syndicate.bootstrap import web_application

application = web_application()
