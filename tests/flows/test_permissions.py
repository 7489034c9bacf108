"""Each page of the URL table, each role, each verb: what a reader may not see is as if it did not exist."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.flows.permission_world import MAY_BE_EMPTY, PAGES, SENT, Cast, For, expect, pages

pytestmark = pytest.mark.django_db
VERBS = ("get", "head", "options", "post", "put", "patch", "delete")
_ONCE = re.compile(rb'(name="csrfmiddlewaretoken" value|nonce|hx-headers)="[^"]*"|csrf[^ >]*')


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def test_each_page_says_for_whom_it_is_there() -> None:
    assert sorted(set(pages())) == sorted(PAGES)


@pytest.mark.parametrize("name", [name for name, (rule, *_about) in PAGES.items() if rule is not For.ANYBODY])
def test_whoever_is_not_signed_in_is_asked_to(cast: Cast, name: str) -> None:
    client = Client()
    for address in (reverse(name, kwargs=cast.there(name)), reverse(name, kwargs=cast.absent(name))):
        for verb in VERBS:
            answer = getattr(client, verb)(address)
            assert (answer.status_code, answer.get("Location", "").partition("?")[0]) == (302, "/sign-in/"), (
                verb,
                address,
            )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_there_for_whom_it_is_meant_and_for_nobody_else(cast: Cast, name: str) -> None:
    rule = PAGES[name][0]
    there, absent = (reverse(name, kwargs=kwargs) for kwargs in (cast.there(name), cast.absent(name)))
    for reader, user in cast.readers().items():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        if reader == "nora" and rule not in {For.ANYBODY, For.SIGNED_IN}:
            assert client.get(there)["Location"] == reverse("accounts:no-account"), (name, there)
            continue
        for verb in VERBS:
            with undone():
                answer = _ask(client, verb, there, name)
            if expect(name, reader):
                _demand_there(answer, name, f"{reader} {verb} {there}")
            elif there == absent:
                assert answer.status_code in {404, 405}, (reader, verb, there, answer.status_code)
            else:
                with undone():
                    nothing = _ask(client, verb, absent, name)
                assert answer.status_code in {404, 405}, (reader, verb, there, answer.status_code)
                assert _told(answer, there) == _told(nothing, absent), (reader, verb, there)


@pytest.mark.parametrize(
    "name", [name for name, (rule, *_about) in PAGES.items() if rule not in {For.ANYBODY, For.SIGNED_IN}]
)
def test_in_an_account_that_is_not_theirs_nobody_finds_a_page(cast: Cast, name: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.sven.user)
    address = reverse(name, kwargs=cast.there(name))

    with undone():
        answers = [
            client.get(address, {"account": cast.account.slug}),
            client.post(address, {"account": cast.account.slug}),
        ]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert 404 in {answer.status_code for answer in answers}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    block = transaction.atomic()
    # what must be the outermost transaction may run in this one
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def _ask(client: Client, verb: str, address: str, name: str) -> HttpResponse:
    data = (SENT[name],) if verb == "post" and name in SENT else ()
    answer: HttpResponse = getattr(client, verb)(address, *data)
    return answer


def _demand_there(answer: HttpResponse, name: str, what: str) -> None:
    refused = {403} if name in MAY_BE_EMPTY else {403, 404}
    assert answer.status_code not in refused, (what, answer.status_code)
    assert answer.status_code < 500 or name == "readyz", (what, answer.status_code)


def _told(answer: HttpResponse, address: str) -> tuple[int, bytes]:
    return answer.status_code, _ONCE.sub(b"", answer.content.replace(address.encode(), b""))
