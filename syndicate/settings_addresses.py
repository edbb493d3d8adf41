"""What addresses among the settings must look like, and the token that is sent to one of them."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, SecretStr

_Place = TypeVar("_Place", str, Path)

# "@" among them: a password would be published with every address.
_NOT_IN_BASE = re.compile(r"[\s<>\"\\^`{|}?#@\x00-\x1f\x7f]")

# What a Redis address may say behind "?": who we are, which database, and how TLS is checked. Of what the client knows
# besides, time-outs and the form of answers are ours to set; what it doesn't know breaks it at the first feed.
_REDIS_OPTIONS = {"db": "[0-9]+", "username": ".*", "password": ".*", "client_name": r"\S+"}
_TLS_OPTIONS = {
    "ssl_cert_reqs": "none|optional|required",
    "ssl_check_hostname": "(?i)true|false",
    **dict.fromkeys(("ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile", "ssl_password"), ".+"),
}


def without_blanks_around(value: _Place) -> _Place:
    """Refuse a slip that means another place: from a file with CRLF each variable had a carriage return at its end."""
    if str(value) != str(value).strip():
        raise ValueError("expected no blank and no line end before or behind it")
    return value


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not _is_host(host) or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
        raise ValueError("expected HOST:PORT, for example 127.0.0.1:8080, an IPv6 address in brackets: [::]:8080")
    return value


def _is_host(host: str) -> bool:
    """Whether it may stand in an address as it is: every guid is made of it, and kept for ever."""
    if re.fullmatch(r"(?:[\w-]+\.)*(?![0-9]+\Z)[\w-]+", host):
        return True
    try:
        return bool(IPv6Address(host[1:-1]) if host.startswith("[") and host.endswith("]") else IPv4Address(host))
    except ValueError:
        return False


def _http_url(value: str) -> str:
    if value and not _is_base(value):
        raise ValueError("expected an http or https URL without query, for example https://wire.example.org")
    scheme, mark, rest = value.rstrip("/").partition("://")
    return f"{scheme.lower()}{mark}{rest}"


def _is_base(url: str) -> bool:
    """Whether addresses can be made by adding a path: nobody could follow, or mend, what is wrong with them later."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:.]+\]", parts.netloc.rpartition(":")[0] if port else parts.netloc)
    return parts.scheme in {"http", "https"} and host is not None and not _NOT_IN_BASE.search(url)


def is_reachable(base: str) -> bool:
    """Whether others may find us at this address, as far as it can tell: it is set, and not this machine's own name."""
    host = (urlsplit(base).hostname or "").rstrip(".")
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host not in {"", "localhost"} and not host.endswith(".localhost")


def _redis_address(value: str) -> str:
    if value and not _is_redis_address(value):
        raise ValueError("expected a redis://, rediss:// or unix:// URL, for example redis://127.0.0.1:6379/0")
    parts = urlsplit(value)
    options = _REDIS_OPTIONS | _TLS_OPTIONS if parts.scheme == "rediss" else _REDIS_OPTIONS
    for name, given in parse_qsl(parts.query):
        if not re.fullmatch(options.get(name, "(?!)"), given):
            raise ValueError(f"option {name!r}: expected none but {', '.join(options)}, each with a value it can have")
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


def _token(value: SecretStr) -> SecretStr:
    """A header carries nothing else as it is: with a line end of a file at its end, a token would let nobody in."""
    if not re.fullmatch("[!-~]*", value.get_secret_value()):
        raise ValueError("expected only letters, digits and signs of ASCII, without blanks and line ends")
    return value


Bind = Annotated[str, AfterValidator(_host_and_port)]
BaseUrl = Annotated[str, AfterValidator(_http_url)]
DatabaseUrl = Annotated[str, AfterValidator(without_blanks_around)]
RedisUrl = Annotated[str, AfterValidator(without_blanks_around), AfterValidator(_redis_address)]
Token = Annotated[SecretStr, AfterValidator(_token)]
