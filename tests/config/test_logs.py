"""Logs carry no address that opens a page by itself (X8, X22)."""

import pytest

from config.logs import without_bearers


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("GET /book/manage/abcDEF123/", "GET /book/manage/…/"),
        ("Not Found: /book/manage/abcDEF123", "Not Found: /book/manage/…"),
        ("GET /password/MQ/set-password-token/", "GET /password/MQ/…/"),
        ("GET /password/sent/", "GET /password/sent/"),
        ("GET /book/faehrhaus/follow-up/?day=2026-11-24", "GET /book/faehrhaus/follow-up/?day=2026-11-24"),
    ],
)
def test_the_secret_part_of_an_address_is_blotted_out(said, logged):
    assert without_bearers(None, "info", {"request": said, "code": 200}) == {"request": logged, "code": 200}
