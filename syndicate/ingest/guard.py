"""Which addresses our requests may go to: pure rules, no network.

A source, a callback or an image address is somebody else's word. It may spell a private address in sixty ways, name a
host that resolves to one, or redirect to one. So: `parse` accepts one plain way to write an address, and `Guard.admit`
judges every IP address that a name resolved to, after taking embedded IPv4 addresses out of their IPv6 wrappings.
`ipaddress.is_global` is not asked: it calls `::127.0.0.1`, `64:ff9b::7f00:1`, `2002:7f00:1::` and `224.0.0.1` global.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

import idna

from syndicate.errors import ConfigurationError, RefusedError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 8_000

# IANA's special-purpose registry for IPv4, and everything from multicast upwards.
_DENIED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# In IPv6 only 2000::/3 is given out to the public internet, so everything else is denied without being listed
# (loopback, unspecified, compatible, ULA, link-local, site-local, multicast, local NAT64 64:ff9b:1::/48 ...).
_PUBLIC_V6 = IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: only reached unwrapped
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)

# Services that would take an HTTP request for something else; below 1024 only the two of HTTP itself are used.
_SERVICE_PORTS = frozenset(
    int(port)
    for port in re.findall(
        r"\d+",
        "1080 1433 1521 1719 1720 1723 2049 2375 2376 2379 3306 3389 3659 4045 4190 5060 5061 5432 5672 5900 5984 6000 "
        "6379 6566 6665 6666 6667 6668 6669 6679 6697 9042 9200 9300 10080 11211 27017",
    )
)

_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]|^`{}"
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTTED_QUAD = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]*)?")
_UNUSABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its one plain form.

    `host` is ASCII in lower case, without brackets or a trailing dot; `address` is the IP address that it spells, if
    it does; `path` holds the query, too. `url` is the whole without fragment.
    """

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def authority(self) -> str:
        """What belongs into the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address as one string."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(url: str) -> Target:
    """Read an http(s) address strictly; raises RefusedError for whatever could be read in two ways."""
    shown = url[:200]
    if len(url) > MAX_URL:
        raise RefusedError(f"refused: the address is longer than {MAX_URL} characters")
    url = url.strip(" \t\r\n\f")
    if _UNUSABLE.search(url):
        raise RefusedError(f"refused: blanks, control characters or backslashes in the address {shown!r}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"refused: {shown!r} is not a valid address ({error})") from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise RefusedError(f"refused: only http and https addresses are fetched, not {shown!r}")
    if "@" in parts.netloc:
        raise RefusedError("refused: user names and passwords in addresses are not used")
    host, address = _host(parts.netloc, shown)
    if port == 0:
        raise RefusedError(f"refused: port 0 in {shown!r}")
    path = "/" + quote(parts.path, safe=_PATH_SAFE).lstrip("/")
    query = f"?{quote(parts.query, safe=_QUERY_SAFE)}" if parts.query else ""
    return Target(scheme, host, port or DEFAULT_PORTS[scheme], path + query, address)


def _host(netloc: str, shown: str) -> tuple[str, Address | None]:
    if netloc.startswith("["):
        literal = _BRACKETED.fullmatch(netloc)
        try:
            address = IPv6Address(literal[1]) if literal else None
        except ValueError:
            address = None
        if address is None:
            raise RefusedError(f"refused: {shown!r} does not name a plain IPv6 address")
        return str(address), address
    host = _ascii_host(netloc.rpartition(":")[0] if re.search(r":[0-9]*\Z", netloc) else netloc, shown)
    if _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        # 0x7f.1, 2130706433, 0177.0.0.1: every resolver reads these in its own way, so only the usual form is read.
        if not _DOTTED_QUAD.fullmatch(host):
            raise RefusedError(f"refused: {shown!r} does not spell its IP address in the usual form")
        try:
            return host, IPv4Address(host)
        except ValueError as error:
            raise RefusedError(f"refused: {shown!r} does not name an IP address") from error
    return host, None


def _ascii_host(host: str, shown: str) -> str:
    if not host or len(host) > 1_000:
        raise RefusedError(f"refused: {shown!r} names no host")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise RefusedError(f"refused: {shown!r} does not name a valid host") from error
    host = host.lower().removesuffix(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise RefusedError(f"refused: {shown!r} does not name a valid host")
    return host


# --- judging -------------------------------------------------------------------------------------------------


def embedded(address: Address) -> Address:
    """The IPv4 address that packets to an IPv6 address end at, or the address itself.

    That is so for mapped (RFC 4291), NAT64 (RFC 6052) and 6to4 (RFC 3056) addresses. The other wrappings (compatible,
    translated, Teredo) are dead, and denied as they stand.
    """
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


@lru_cache(maxsize=4_096)
def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet, whatever it is wrapped in."""
    inner = embedded(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in net for net in _DENIED_V4)
    if inner not in _PUBLIC_V6 or any(inner in net for net in _DENIED_V6):
        return False
    # ISATAP (RFC 5214) puts an IPv4 host behind any prefix.
    isatap = (int(inner) >> 32) & 0xFFFF_FFFF in _ISATAP_MARKS
    return not isatap or is_public(IPv4Address(int(inner) & 0xFFFF_FFFF))


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges hosts and addresses; `networks` and `hosts` may be reached although they are not public."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Guard":
        """Make a guard from `allow_private` entries: networks ("10.0.0.0/8"), addresses or host names.

        Raises ConfigurationError for an entry that is none of these.
        """
        networks: list[Network] = []
        hosts: set[str] = set()
        for entry in entries:
            try:
                networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                hosts.add(_allowed_name(entry))
        return cls(tuple(networks), frozenset(hosts))

    def admit(self, target: Target, addresses: Iterable[Address]) -> bool:
        """Let `target` pass if every one of its addresses may be reached; say whether it is on a private network.

        Raises RefusedError if any address is private and not allowed, or if a public host's port is not one for HTTP.
        One bad answer spoils the name: a name that resolves to a public and a private address is an attack.
        """
        private = False
        for address in addresses:
            if is_public(address):
                continue
            if not self._allowed(target.host, address):
                raise RefusedError(
                    f"refused: {target.host} is at {address}, which is not a public address "
                    "(SYNDICATE_ALLOW_PRIVATE names the private networks that may be reached)"
                )
            private = True
        if not private and not _usable_port(target.port):
            raise RefusedError(f"refused: port {target.port} of {target.host} is not one for HTTP")
        return private

    def _allowed(self, host: str, address: Address) -> bool:
        inner = embedded(address)
        return host in self.hosts or any(
            candidate.version == net.version and candidate in net
            for net in self.networks
            for candidate in (address, inner)
        )


def _usable_port(port: int) -> bool:
    return port in (80, 443) or (port >= 1024 and port not in _SERVICE_PORTS)


def _allowed_name(entry: str) -> str:
    try:
        host, address = ("", None) if ":" in entry else _host(entry, entry)
    except RefusedError:
        host, address = "", None
    if not host or address is not None:
        raise ConfigurationError(
            (f"allow_private: {entry!r}: expected a network (10.0.0.0/8), an address or a host name",)
        )
    return host


def address_of(text: str) -> Address:
    """Read an address as the operating system's resolver writes it (with or without a zone)."""
    return ip_address(text.partition("%")[0])
