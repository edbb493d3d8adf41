"""The public socket."""

import socket

from syndicate.errors import ConfigurationError

_BACKLOG = 1_024


def listen(bind: str) -> socket.socket:
    """Listen on HOST:PORT; a host in brackets is IPv6, and [::] is every address of both kinds.

    Raises ConfigurationError if the address can't be had.
    """
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, int(port)), family=family, backlog=_BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        raise ConfigurationError((f"bind: can't listen on {bind}: {error.strerror or error}",)) from error
