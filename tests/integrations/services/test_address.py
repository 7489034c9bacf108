"""What somebody typed, judged before anything is sent."""

import pytest

from integrations.services.address import AddressHasLogin, UnusableAddress, server_address, without_login


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://cloud.example.org", "https://cloud.example.org/"),
        ("cloud.example.org/dav", "https://cloud.example.org/dav"),
        ("  HTTPS://Cloud.Example.ORG:443/dav/#top ", "https://cloud.example.org/dav/"),
        ("https://dav.example.org/users/me@example.org/?x=1", "https://dav.example.org/users/me@example.org/"),
        ("http://127.0.0.1:5232/", "http://127.0.0.1:5232/"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_an_address_has_one_spelling(typed, address):
    assert server_address(typed) == address
    assert server_address(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "https://ada:secret@cloud.example.org/",
        "ada:secret@cloud.example.org",
        "https://ada@cloud.example.org",
        "//ada:secret@cloud.example.org",
        "http:/ada:secret@cloud.example.org",
    ],
)
def test_an_address_with_a_login_is_refused(typed):
    with pytest.raises(AddressHasLogin):
        server_address(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://cloud.example.org", "https://", "https://cloud.example.org:99999/", "a b", "https://[", "x" * 600],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(UnusableAddress):
        server_address(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://ada:secret@cloud.example.org/dav", "https://cloud.example.org/dav"),
        ("ada:secret@cloud.example.org", "https://cloud.example.org"),
        ("https://ada:se/cret@cloud.example.org", ""),
        ("https://ada:12/secret@cloud.example.org", ""),
        ("https://ada:se#cret@cloud.example.org", ""),
        ("https://ada:se?cret@cloud.example.org", ""),
        ("http:ada:secret@cloud.example.org", "https://cloud.example.org"),
        ("https://[secret@", ""),
        ("//ada:secret@cloud.example.org", ""),
        ("https:///ada:secret@cloud.example.org", ""),
        ("://ada:secret@cloud.example.org", ""),
        ("http:/ada:secret@cloud.example.org", ""),
        ("https://ada:secret%40cloud.example.org", ""),
        ("https://dav.example.org/users/me@example.org/", "https://dav.example.org/users/me@example.org/"),
        ("cloud.example.org", "cloud.example.org"),
    ],
)
def test_what_is_shown_again_holds_no_password(typed, shown):
    assert without_login(typed) == shown
