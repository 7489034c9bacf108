"""Logs carry no address that opens a page by itself (X8, X22)."""

import pytest

from config.logs import without_bearers


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("GET /book/manage/abcDEF123/", "GET /book/manage/…/"),
        ("Not Found: /book/manage/abcDEF123", "Not Found: /book/manage/…"),
        ("GET /password/MQ/set-password-token/", "GET /password/MQ/…/"),
        ("GET /contacts/?account=kai&q=ada%20l&sort=name", "GET /contacts/?account=kai&q=…&sort=name"),
        ("GET /password/sent/", "GET /password/sent/"),
        ("POST /invitation/xjeMh4gNb8L6/", "POST /invitation/…/"),
        ("GET /settings/profile/address/WzEsIm5l:1w:Ab-c/", "GET /settings/profile/address/…/"),
        ("GET /settings/profile/address/?account=a", "GET /settings/profile/address/?account=a"),
        ("GET /book/faehrhaus/follow-up/?day=2026-11-24", "GET /book/faehrhaus/follow-up/?day=2026-11-24"),
    ],
)
def test_the_secret_part_of_an_address_is_blotted_out(said, logged):
    assert without_bearers(None, "info", {"request": said, "code": 200}) == {"request": logged, "code": 200}
