"""Whatever is sent to a public address is answered, soon, and never with a failure of ours.

``HOLDFAST_REQUESTS`` says how many requests are made, ``HOLDFAST_SEED`` which; the seed is told when a request fails.
"""

import os
import socket
import time
from collections import Counter
from contextlib import closing, suppress
from io import BytesIO
from random import Random, SystemRandom
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.urls import reverse

from bookings.services.book import book_appointment
from bookings.tokens import manage_token
from config.wsgi import application
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory
from tests.flows.conftest import eventually
from tests.flows.fuzz import Request, requests
from tests.flows.test_serve import get, site

__all__ = ["site"]

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
RUNS = int(os.environ.get("HOLDFAST_REQUESTS", "1500"))
SEED = int(os.environ.get("HOLDFAST_SEED", SystemRandom().randrange(2**32)))
# far more than any of them takes, far less than anybody would wait
PATIENCE_SECONDS = 10.0
FORM_SECRET = "a" * 32


@pytest.fixture
def paths(monkeypatch):
    """Every public address there is, of calendars that take bookings and of one that does not."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    place = CalendarMemberFactory()
    calendars = [place.calendar, CalendarMemberFactory(calendar__place_kind="ask").calendar, CalendarFactory()]
    token = manage_token(book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW))
    pages = [f"/book/{calendar.account.slug}/" for calendar in calendars]
    for calendar in calendars:
        names = [calendar.account.slug, calendar.slug]
        pages += [reverse(f"bookings:{name}", args=names) for name in ("book", "hold", "release")]
        pages += [f"/api/v1/calendars/{'/'.join(names)}/{what}" for what in ("slots", "appointments")]
    names = ("manage", "manage-reschedule", "manage-cancel", "manage-ics")
    pages += [reverse(f"bookings:{name}", args=[token]) for name in names]
    return [*pages, "/", "/sign-in/", "/healthz", "/language/setlang/", "/api/v1/openapi.json", "/book/manage/x/"]


@pytest.mark.parametrize("limited", [False, True], ids=["without limits", "with limits"])
def test_no_request_makes_the_site_fail(paths, limited, request):
    if limited:
        request.getfixturevalue("limits_on")
    met = Counter()

    for number, sent in enumerate(requests(Random(SEED + limited), paths, RUNS // 2)):
        begun = time.monotonic()
        status = _status(sent)
        told = f"HOLDFAST_SEED={SEED}, request {number}: {str(sent)[:2000]}"
        assert status < 500, told
        assert time.monotonic() - begun < PATIENCE_SECONDS, told
        met[status] += 1

    # neither refused at the door altogether nor without effect
    assert {200, 302, 400, 404, 405, 422} <= set(met), met


def _status(sent: Request) -> int:
    path, _, query = sent.path.partition("?")
    environ = {
        "REQUEST_METHOD": sent.method,
        # as a server hands it over: bytes, one character each
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": sent.content_type,
        "CONTENT_LENGTH": str(len(sent.body)),
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "localhost",
        # without these every form would be turned away at the door
        "HTTP_COOKIE": f"{settings.CSRF_COOKIE_NAME}={FORM_SECRET}",
        "HTTP_X_CSRFTOKEN": FORM_SECRET,
        "wsgi.input": BytesIO(sent.body),
        **sent.headers,
    }
    setup_testing_defaults(environ)
    answers: list[str] = []
    with closing(application(environ, lambda status, headers: answers.append(status))) as parts:
        b"".join(parts)
    return int(answers[0][:3])


def test_the_real_server_answers_all_of_it_and_stays(site, paths):
    _, port = site
    eventually(lambda: get(port, "/healthz"))

    met = Counter()
    for number, sent in enumerate(requests(Random(SEED + 2), paths, RUNS // 5)):
        status = _status_over_the_wire(port, sent)
        assert status < 500, f"HOLDFAST_SEED={SEED}, request {number}: {str(sent)[:2000]}"
        met[status] += 1

    assert get(port, "/healthz")[0] == 200
    assert {200, 400, 404, 405} <= set(met), met


def _status_over_the_wire(port: int, sent: Request) -> int:
    """0 if the server hangs up without a word, as it may on what is not HTTP."""
    own = {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in sent.headers.items()}
    headers = {"HOST": "localhost", "CONTENT-TYPE": sent.content_type, "CONTENT-LENGTH": str(len(sent.body))} | own
    head = [f"{sent.method} {sent.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    message = "\r\n".join([*head, "Connection: close", "", ""]).encode("latin-1") + sent.body
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as wire:
        # a server may refuse the head and not wait for the rest
        with suppress(ConnectionError):
            wire.sendall(message)
        try:
            line = wire.makefile("rb").readline()
        except ConnectionError:
            return 0
    return int(line.split()[1]) if line.startswith(b"HTTP/1.") else 0
