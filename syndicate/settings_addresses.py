"""What addresses among the settings must look like: where we listen, how partners see us, where Redis is."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65_535:
        raise ValueError("expected HOST:PORT, for example 127.0.0.1:8080")
    return value


def _http_url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", value):
        raise ValueError("expected an http or https URL without query, for example https://wire.example.org")
    return value.rstrip("/")


def _redis_address(value: str) -> str:
    if value and not _is_redis_address(value):
        raise ValueError("expected a redis://, rediss:// or unix:// URL, for example redis://127.0.0.1:6379/0")
    return value


def _is_redis_address(url: str) -> bool:
    """Whether the Redis client understands the address; it would take a database without a number for database 0."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # a port that is no number, an unfinished IPv6 host
        return False
    if parts.scheme == "unix":
        return parts.path.startswith("/")
    return parts.scheme in {"redis", "rediss"} and re.fullmatch(r"/?[0-9]*", parts.path) is not None


Bind = Annotated[str, AfterValidator(_host_and_port)]
BaseUrl = Annotated[str, AfterValidator(_http_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_address)]
