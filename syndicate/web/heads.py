"""Reads the heads of requests, and only those that it recognizes without doubt. Pure.

A head that is not of this plain kind (no body, one Host, nothing folded, nothing upgraded, an address without
escapes) is nobody's fault: it is left to the full HTTP server behind, which reads it from its first byte.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from syndicate.web.asked import Asked, asked, is_answered_in_front

LONGEST = 8_192  # bytes; longer heads are for the full server
_REMEMBERED_LENGTH = 1_024  # pollers repeat the same few hundred bytes; longer ones are read each time
_HEAD = re.compile(
    rb"(GET|HEAD) (/[!-~]*) (HTTP/1\.[01])\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)*)\r\n"
)
_METHODS = (b"GET ", b"HEAD ")
_FOR_THE_FULL_SERVER = frozenset(
    ("content-length", "transfer-encoding", "expect", "upgrade", "http2-settings", "trailer", "proxy-connection")
)
_CONNECTION = frozenset(("", "close", "keep-alive", "te"))


class Request(NamedTuple):
    """A request without a body. `asked` is None where it is for a page; `closes` says that it is the last one."""

    asked: Asked | None
    is_head: bool
    closes: bool


def read(head: bytes) -> Request | None:
    """The request of exactly this head, empty line and all; None if it is of any but the plain kind."""
    return _remembered(head) if len(head) <= _REMEMBERED_LENGTH else _read(head)


def hopeless(beginning: bytes | bytearray) -> bool:
    """Whether no head of the plain kind can begin like this, so that nothing is gained by waiting for its end."""
    method = bytes(beginning[:5])
    return (
        len(beginning) > LONGEST
        or not (method.startswith(_METHODS) or any(known.startswith(method) for known in _METHODS))
        or beginning.count(b"\n") != beginning.count(b"\r\n")
    )


def _read(head: bytes) -> Request | None:
    match = _HEAD.fullmatch(head) if len(head) <= LONGEST else None
    if match is None:
        return None
    method, target, protocol = (match[part].decode("ascii") for part in (1, 2, 3))
    lines = [line.partition(":") for line in match[4].decode("latin-1").split("\r\n")[:-1]]
    headers: dict[str, str] = {}
    for raw, _, value in lines:
        name = raw.lower()
        if name in _FOR_THE_FULL_SERVER or (name == "host" and name in headers):
            return None
        text = value.strip(" \t")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    wishes = {wish.strip(" \t").lower() for wish in headers.get("connection", "").split(",")}
    if not wishes <= _CONNECTION or (protocol == "HTTP/1.1" and not headers.get("host")):
        return None
    path = target.partition("?")[0]
    question = asked(method, path, protocol, headers) if "%" not in path and is_answered_in_front(path) else None
    return Request(question, method == "HEAD", "close" in wishes or protocol == "HTTP/1.0")


_remembered = lru_cache(maxsize=2_048)(_read)
