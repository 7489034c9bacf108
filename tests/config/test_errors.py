"""Pages while the database is away, and requests that nothing can be found for."""

import psycopg
import pytest
from django.core.handlers import exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client

from config.errors import is_away
from tests.factories import CalendarMemberFactory

BROWSER = Client(raise_request_exception=False)


def _failure(kind, cause):
    failure = kind("no")
    failure.__cause__ = cause
    return failure


@pytest.fixture
def cut():
    """The server ends our connection, as it does when it restarts."""

    def cut_link():
        connection.ensure_connection()
        with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.connection.info.backend_pid])

    yield cut_link
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_page_says_that_the_database_is_away_and_when_to_come_again(cut):
    calendar = CalendarMemberFactory().calendar
    path = f"/book/{calendar.account.slug}/{calendar.slug}/"
    cut()

    away = BROWSER.get(path)
    connection.close()
    back = BROWSER.get(path)

    assert (away.status_code, away["Retry-After"]) == (503, "10")
    assert "We are away for a moment" in away.content.decode()
    assert connection.settings_dict["HOST"] not in away.content.decode()
    assert back.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_page_that_asks_who_is_signed_in_does_so_as_well(cut):
    BROWSER.cookies["session"] = "a" * 32
    cut()

    assert BROWSER.get("/calendar/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_the_interface_says_so_in_json(cut):
    cut()

    away = BROWSER.get("/api/v1/calendars/a/b/slots?start=2026-11-23&end=2026-11-23")

    assert (away.status_code, away["Retry-After"]) == (503, "10")
    assert away.json()["error"] == "unavailable"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (_failure(OperationalError, psycopg.OperationalError("connection refused")), True),
        (_failure(OperationalError, psycopg.errors.TooManyConnections()), True),
        (_failure(OperationalError, psycopg.errors.AdminShutdown()), True),
        (_failure(OperationalError, psycopg.errors.CannotConnectNow()), True),
        (_failure(InterfaceError, psycopg.InterfaceError("the connection is closed")), True),
        (_failure(OperationalError, psycopg.errors.LockNotAvailable()), True),
        (_failure(OperationalError, psycopg.errors.QueryCanceled()), True),
        (_failure(OperationalError, psycopg.errors.DeadlockDetected()), True),
        (_failure(OperationalError, psycopg.errors.DiskFull()), True),
        (_failure(IntegrityError, psycopg.errors.UniqueViolation()), False),
        (_failure(DataError, psycopg.DataError("NUL")), False),
        (ValueError("no"), False),
        (None, False),
    ],
)
def test_a_database_that_is_away_or_too_busy_is_asked_again_later(error, away):
    assert is_away(error) is away


def test_all_other_failures_are_our_own_fault(rf, settings):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False

    def fail(request):
        raise ValueError

    answer = exception.convert_exception_to_response(fail)(rf.get("/"))

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/django_q/failure/%00/change/", "/book/%00/", "/%00"])
def test_nothing_is_found_under_an_address_with_a_nul(path, admin_client):
    admin_client.raise_request_exception = False

    assert admin_client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"query_params": {"q": "a\0"}}, {"headers": {"cookie": 'session="aaaaaaaa\\000"'}}])
def test_a_nul_in_a_query_or_a_cookie_cannot_be_read(asked):
    assert Client(raise_request_exception=False).get("/sign-in/", **asked).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/sign-in/", 400), ("/api/v1/nowhere", 404)])
def test_a_broken_form_does_not_break_the_page_that_says_so(settings, path, status):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    answer = client.post(path, b"x" * 3000, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == status
