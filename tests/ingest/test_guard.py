"""Addresses: one plain way to write them, and none that ends on a private network."""

from ipaddress import ip_address

import pytest

from syndicate.errors import ConfigurationError, RefusedError
from syndicate.ingest.guard import Guard, is_public, parse
from tests.faults.spellings import PRIVATE_ADDRESSES, PUBLIC_ADDRESSES, UNCLEAR_URLS


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_private_addresses_are_seen_in_every_wrapping(address: str) -> None:
    """Loopback, private, reserved and wrapped addresses are not public, whatever `is_global` says."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_are_public(address: str) -> None:
    """Hosts of the internet can be reached, through NAT64 as well."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("url", UNCLEAR_URLS)
def test_an_address_that_can_be_read_in_two_ways_is_refused(url: str) -> None:
    """What resolvers and URL parsers read differently isn't read at all."""
    with pytest.raises(RefusedError):
        parse(url)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org.:443/a b".replace(" ", "%20"), "https://example.org/a%20b"),
        (" https://example.org/x#part\n", "https://example.org/x"),
        ("http://example.org:8080/?q=1&r=é", "http://example.org:8080/?q=1&r=%C3%A9"),
        ("https://bücher.example/über", "https://xn--bcher-kva.example/%C3%BCber"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://ｅxample.org/", "https://example.org/"),
        ("http://[2606:4700::0001]:81/x", "http://[2606:4700::1]:81/x"),
        ("https://example.org//twice//x", "https://example.org/twice//x"),
        ("https://my_blog.example.org/%7Eme/", "https://my_blog.example.org/%7Eme/"),
    ],
)
def test_addresses_get_one_plain_form(url: str, plain: str) -> None:
    """Case, default ports, fragments, trailing dots and non-ASCII letters are evened out."""
    assert parse(url).url == plain


def test_an_address_in_its_plain_form_stays_as_it_is() -> None:
    """Parsing twice is the same as once."""
    for url in ("https://example.org/a?b=%2F&c=d", "http://[2606:4700::1]:81/x", "http://8.8.8.8/"):
        assert parse(parse(url).url) == parse(url)


def test_one_private_answer_spoils_the_name() -> None:
    """A name with a public and a private address is refused as a whole."""
    answers = [ip_address("93.184.216.34"), ip_address("127.0.0.1")]
    with pytest.raises(RefusedError, match=r"127\.0\.0\.1"):
        Guard().admit(parse("http://example.org/"), answers)


@pytest.mark.parametrize("port", [22, 25, 53, 110, 6379, 11211, 5432])
def test_ports_of_other_services_are_refused(port: int) -> None:
    """A mail server or a cache would take our request for something else."""
    with pytest.raises(RefusedError, match="port"):
        Guard().admit(parse(f"http://example.org:{port}/"), [ip_address("93.184.216.34")])


@pytest.mark.parametrize(
    ("entry", "host", "address", "passes"),
    [
        ("10.1.0.0/16", "cms.example.org", "10.1.2.3", True),
        ("10.1.0.0/16", "cms.example.org", "10.2.2.3", False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", "127.0.0.2", False),
        ("127.0.0.0/8", "cms.example.org", "::ffff:127.0.0.1", True),
        ("fd00::/8", "cms.example.org", "fd12::1", True),
        ("[::1]", "localhost", "::1", True),
        ("cms.lan", "cms.lan", "192.168.1.4", True),
        ("CMS.lan.", "cms.lan", "192.168.1.4", True),
        ("cms.lan", "other.lan", "192.168.1.4", False),
        ("cms.lan", "cms.lan.example.org", "192.168.1.4", False),
    ],
)
def test_private_networks_are_reached_by_permission_only(entry: str, host: str, address: str, passes: bool) -> None:
    """`allow_private` names networks, addresses or hosts, and lets exactly those through."""
    guard, target = Guard.of([entry]), parse(f"http://{host}:9999/")
    if passes:
        assert guard.admit(target, [ip_address(address)])
    else:
        with pytest.raises(RefusedError):
            guard.admit(target, [ip_address(address)])


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "http://cms.lan/", "a b", "", "cms.lan:80", "0x7f.1"])
def test_a_wrong_permission_is_a_configuration_error(entry: str) -> None:
    """An entry that can't be understood stops the start, it is not ignored."""
    with pytest.raises(ConfigurationError, match="allow_private"):
        Guard.of([entry])
