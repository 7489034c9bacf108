"""Which addresses may be connected to, and which servers may see credentials."""

import socket
from collections.abc import Callable

import pytest

from integrations.ports import NotAllowed, ProviderError, Unreachable
from integrations.providers.transport.policy import ServerPolicy, may_receive_credentials, origin_of
from integrations.providers.transport.session import GuardedSession


def get(url: str, policy: ServerPolicy) -> None:
    GuardedSession(url, policy).request("GET", url)


PRIVATE = [
    "localhost",
    "localhost.",
    "LOCALHOST",
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "10.0.0.5",
    "10.5",
    "100.64.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fd00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
]


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_address_is_refused_however_it_is_spelt(
    scheme: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_kwargs: pytest.fail("connected"))
    url = f"{scheme}://{host}/"

    with pytest.raises(NotAllowed):
        get(url, ServerPolicy())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://calendar.example.com/",
        "file:///etc/passwd",
        "gopher://calendar.example.com/",
        "https://ada:secret@calendar.example.com/",
        "https://ada@calendar.example.com/",
        "https:///path",
        "https://calendar.example.com:99999/",
        "https://calendar.example.com:0/",
        "https://calendar.example.com\\@127.0.0.1/",
        "https://calendar.example.com /",
        "https://calendar.example.com/\r\nX: y",
        "https://[::1",
        "calendar.example.com",
        "//calendar.example.com/",
        "https://" + "a" * 5000,
        "",
    ],
)
def test_url_nobody_should_connect_to_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        GuardedSession(url, ServerPolicy())


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def answers(*addresses: str) -> None:
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: rows)

    return answers


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where connections were tried; all fail."""
    tried: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], **_kwargs: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def try_to_reach(url: str, *allowed: str) -> type[ProviderError]:
    with pytest.raises(ProviderError) as raised:
        get(url, ServerPolicy(allowed_private=allowed))
    return raised.type


def test_one_private_address_among_public_ones_condemns_the_name(
    resolver: Callable[..., None], connected: list[tuple[str, int]]
) -> None:
    resolver("93.184.216.34", "127.0.0.1")

    assert try_to_reach("https://calendar.example.com/") is NotAllowed
    assert connected == []


def test_connection_goes_to_the_address_that_was_checked(
    resolver: Callable[..., None], connected: list[tuple[str, int]]
) -> None:
    resolver("93.184.216.34", "93.184.216.35")

    assert try_to_reach("https://calendar.example.com/") is Unreachable
    assert connected == [("93.184.216.34", 443), ("93.184.216.35", 443)]


@pytest.mark.parametrize(
    ("url", "allowed", "outcome"),
    [
        ("https://nas.example.com/", "nas.example.com", Unreachable),
        ("https://NAS.example.com./", "nas.example.com", Unreachable),
        ("http://nas.example.com/", "nas.example.com", Unreachable),
        ("http://nas.example.com:5232/", "nas.example.com:5232", Unreachable),
        ("http://nas.example.com:5233/", "nas.example.com:5232", NotAllowed),
        ("https://other.example.com/", "nas.example.com", NotAllowed),
        ("https://evil-nas.example.com/", "nas.example.com", NotAllowed),
        ("https://nas.example.com/", "10.0.0.0/8", Unreachable),
        ("https://nas.example.com/", "10.1.2.3", Unreachable),
        ("https://nas.example.com:22/", "10.1.2.3:443", NotAllowed),
        ("https://nas.example.com/", "10.9.0.0/16", NotAllowed),
        ("https://nas.example.com/", "", NotAllowed),
    ],
)
def test_private_server_is_reached_when_the_operator_names_it(
    url: str,
    allowed: str,
    outcome: type[ProviderError],
    resolver: Callable[..., None],
    connected: list[tuple[str, int]],
) -> None:
    resolver("10.1.2.3")

    assert try_to_reach(url, allowed) is outcome


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://calendar.example.com:8443/", Unreachable),
        ("https://calendar.example.com:22/", NotAllowed),
        ("https://calendar.example.com:25/", NotAllowed),
        ("http://calendar.example.com/", NotAllowed),
    ],
)
def test_public_server_is_reached_over_https_on_a_port_of_its_own(
    url: str, outcome: type[ProviderError], resolver: Callable[..., None], connected: list[tuple[str, int]]
) -> None:
    resolver("93.184.216.34")

    assert try_to_reach(url) is outcome


ICLOUD = r"(p\d+-)?caldav\.icloud\.com(\.cn)?"


@pytest.mark.parametrize(
    ("configured", "url", "pattern", "allowed"),
    [
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com:443/1/", ICLOUD, True),
        ("https://caldav.icloud.com/", "https://CALDAV.icloud.com./1/", ICLOUD, True),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com:8443/", ICLOUD, False),
        ("https://caldav.icloud.com/", "http://p42-caldav.icloud.com/", ICLOUD, False),
        ("https://caldav.icloud.com/", "http://caldav.icloud.com/", ICLOUD, False),
        ("https://caldav.icloud.com/", "https://p42-caldav.icloud.com.example.com/", ICLOUD, False),
        ("https://caldav.icloud.com/", "https://xcaldav.icloud.com/", ICLOUD, False),
        ("https://caldav.icloud.com:8443/", "https://p1-caldav.icloud.com:8443/", ICLOUD, True),
        ("http://127.0.0.1:1234/", "http://p1-caldav.icloud.com:1234/", ICLOUD, True),
        ("https://calendar.example.com/", "https://calendar.example.com:443/x", None, True),
        ("https://calendar.example.com/", "https://calendar.example.com:8443/x", None, False),
        ("https://calendar.example.com/", "https://p42-caldav.icloud.com/", None, False),
    ],
)
def test_credentials_belong_to_an_origin_and_its_named_sisters(
    configured: str, url: str, pattern: str | None, allowed: bool
) -> None:
    policy = ServerPolicy(host_pattern=pattern)

    assert may_receive_credentials(origin_of(url), configured=origin_of(configured), policy=policy) is allowed
