"""A password goes to its server and nowhere else: a canary is looked for wherever something is kept or said."""

import base64
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from django.db import connection as database
from django.urls import reverse
from django.views.debug import ExceptionReporter

from integrations.models import Connection, ConnectionState
from integrations.models.connection import CredentialMismatch
from integrations.ports import LoginRefused, NotACalendarServer
from integrations.providers import registry
from integrations.providers.registry import provider_of
from integrations.tasks import look_at_one
from tests.factories import ConnectionFactory, MemberFactory, UserFactory
from tests.fakes.memory_provider import LOGIN
from tests.integrations.outside import Outside

pytestmark = pytest.mark.django_db
CANARY = "K4nari/Ö &ver+y<secret>"
CALDAV = reverse("integrations:connect-caldav")
INTEGRATIONS = reverse("integrations:integrations")


def spellings(secret):
    """The secret as it could be hiding: plain, in base64 at any offset, hex, URL encoding and JSON."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4].decode() for shift in range(3)]
    return {secret, *shifted, raw.hex(), quote(secret), quote_plus(secret), quote(secret, safe=""), json.dumps(secret)}


def assert_absent(text):
    assert [one for one in spellings(CANARY) if one in text or one.upper() in text] == []


def everything_stored():
    """All rows of all tables, as PostgreSQL prints them; bytea in hex and as text."""
    with database.cursor() as cursor:
        parts = []
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT convert_from(credential, 'UTF8') FROM integrations_connection")
        parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


@pytest.fixture
def outside():
    outside = Outside()
    with registry.override(outside.open):
        yield outside


def test_the_canary_would_be_found():
    assert_absent("nothing")
    for hidden in (f"x{CANARY}", base64.b64encode(f"ab{CANARY}cd".encode()).decode(), CANARY.encode().hex()):
        with pytest.raises(AssertionError):
            assert_absent(hidden)


@pytest.mark.parametrize("error", [None, LoginRefused("x"), NotACalendarServer("x")], ids=str)
def test_a_password_is_in_no_answer_log_or_table(client, outside, caplog, capfd, error):
    caplog.set_level(logging.DEBUG)
    outside.server.credentials = type(LOGIN)(LOGIN.server_url, LOGIN.username, CANARY)
    outside.server.add_calendar("Practice")
    outside.error = error
    member = MemberFactory()
    client.force_login(member.user)
    typed = {"server_url": LOGIN.server_url, "username": LOGIN.username, "password": CANARY}

    answers = [client.post(CALDAV, typed, follow=True), client.get(INTEGRATIONS)]
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    answers.append(client.get(reverse("admin:integrations_connection_changelist")))
    answers += [
        client.get(reverse("admin:integrations_connection_change", args=[one.pk])) for one in Connection.objects.all()
    ]

    assert outside.opened[0][0].password == CANARY
    for answer in answers:
        assert_absent(answer.content.decode())
    assert_absent(everything_stored())
    assert_absent("\n".join([*map(str, capfd.readouterr()), *(str(vars(record)) for record in caplog.records)]))
    assert_absent("".join(repr(one) for one in outside.opened))


def test_a_password_is_on_no_page_about_an_exception(client, outside, rf, settings):
    settings.DEBUG = True
    member = MemberFactory()
    client.force_login(member.user)
    client.raise_request_exception = False
    outside.server.credentials = type(LOGIN)(LOGIN.server_url, LOGIN.username, CANARY)
    outside.error = ZeroDivisionError("unexpected")
    typed = {"server_url": LOGIN.server_url, "username": LOGIN.username, "password": CANARY}
    settings.DEBUG = False

    answer = client.post(CALDAV, typed)

    assert answer.status_code == 500
    assert_absent(answer.content.decode())
    request = rf.post(CALDAV, typed)
    request.sensitive_post_parameters = ("password", "server_url")
    assert_absent(ExceptionReporter(request, *answer.exc_info).get_traceback_text())


def swap(first, second):
    with database.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_connection one SET credential = other.credential "
            "FROM integrations_connection other WHERE one.id = %s AND other.id = %s",
            [first.pk, second.pk],
        )


def test_a_credential_moved_to_another_row_is_not_used(outside):
    mine, theirs = ConnectionFactory(), ConnectionFactory(password=CANARY)
    swap(mine, theirs)

    with pytest.raises(CredentialMismatch):
        provider_of(Connection.objects.get(pk=mine.pk))

    assert outside.opened == []


@pytest.mark.parametrize("change", [{"server_url": "https://evil.example.com/"}, {"username": "eve"}])
def test_a_login_whose_address_was_changed_gets_no_password(outside, change):
    connection = ConnectionFactory()
    Connection.objects.update(**change)

    with pytest.raises(CredentialMismatch):
        provider_of(Connection.objects.get(pk=connection.pk))

    assert outside.opened == []


@pytest.mark.django_db(transaction=True)
def test_a_login_with_a_foreign_credential_waits_for_its_owner_and_the_page_stays_up(client, outside):
    member = MemberFactory()
    connection = ConnectionFactory(user=member.user)
    Connection.objects.update(server_url="https://evil.example.com/")

    look_at_one(connection.pk)

    assert Connection.objects.get().state == ConnectionState.BROKEN
    assert outside.opened == []
    client.force_login(member.user)
    text = client.get(INTEGRATIONS).content.decode()
    assert "The stored password cannot be used for this login." in text
