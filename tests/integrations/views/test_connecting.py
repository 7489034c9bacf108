"""The forms that connect a login: what they refuse, where they say so, and what they never show again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from integrations.models import Connection, ConnectionTry
from integrations.ports import (
    AccessLost,
    Capability,
    LoginRefused,
    NotACalendarServer,
    NotAllowed,
    TemporarilyUnavailable,
    TlsFailed,
    Unreachable,
)
from integrations.services.tries import MOST_TRIES
from tests.factories import NOW, ConnectionFactory
from tests.fakes.memory_provider import LOGIN

pytestmark = pytest.mark.django_db
ICLOUD, CALDAV = reverse("integrations:connect-icloud"), reverse("integrations:connect-caldav")
TYPED = {"server_url": LOGIN.server_url, "username": LOGIN.username, "password": LOGIN.password}


def errors(response):
    return {name: list(sentences) for name, sentences in response.context["form"].errors.items()}


def test_a_login_that_works_leads_to_its_calendars(client, member, outside):
    outside.server.add_calendar("Practice")
    outside.server.add_calendar("Holidays", capability=Capability.SUBSCRIBED)

    response = client.post(CALDAV, {**TYPED, "account": member.account.slug}, follow=True)

    connection = Connection.objects.get()
    page = reverse("integrations:set-up", args=[connection.pk, "linked"])
    assert response.redirect_chain == [(f"{page}?account={member.account.slug}", 302)]
    assert connection.credentials() == LOGIN
    text = response.content.decode()
    assert "Practice" in text
    assert "Can write" in text
    assert "A subscription cannot be connected" in text


def test_out_of_a_dialog_the_browser_is_sent_on(client, member, outside):
    response = client.post(CALDAV, TYPED, headers={"HX-Request": "true"})

    page = reverse("integrations:set-up", args=[Connection.objects.get().pk, "linked"])
    assert response.headers["HX-Redirect"] == f"{page}?account={member.account.slug}"


@pytest.mark.parametrize(
    ("error", "field", "words"),
    [
        (LoginRefused("x"), "password", "does not accept this user name"),
        (Unreachable("x"), "server_url", "could not reach"),
        (TlsFailed("x"), "server_url", "prove who it is"),
        (NotACalendarServer("x"), "server_url", "not a CalDAV server"),
        (NotAllowed("x"), "server_url", "private network"),
        (AccessLost("x"), "server_url", "does not let it see"),
        (TemporarilyUnavailable("x"), "server_url", "busy"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_refusal_has_its_sentence_next_to_its_field(client, member, outside, error, field, words):
    outside.error = error

    response = client.post(CALDAV, TYPED)

    assert response.status_code == 422
    (sentence,) = errors(response)[field]
    assert words in sentence
    assert not Connection.objects.exists()
    assert LOGIN.password not in response.content.decode()
    assert f'value="{LOGIN.username}"' in response.content.decode()


def test_plain_http_is_told_apart_from_a_private_network(client, member, outside):
    outside.error = NotAllowed("x")
    outside.server.credentials = replace(LOGIN, server_url="http://calendars.example.com/")

    response = client.post(CALDAV, {**TYPED, "server_url": "http://calendars.example.com"})

    assert "http://" in errors(response)["server_url"][0]


def test_an_address_with_a_login_is_shown_again_without_it(client, member, outside):
    response = client.post(CALDAV, {**TYPED, "server_url": "https://ada:kanari@calendars.example.com/dav"})

    assert response.status_code == 422
    assert "carried a user name or password" in errors(response)["server_url"][0]
    assert 'value="https://calendars.example.com/dav"' in response.content.decode()
    assert "kanari" not in response.content.decode()
    assert outside.opened == []


def test_an_address_with_a_login_is_shown_without_it_whatever_else_is_wrong(client, member, outside):
    response = client.post(CALDAV, {"server_url": "https://ada:kanari@[", "username": "", "password": ""})

    assert set(errors(response)) == {"server_url", "username", "password"}
    assert "kanari" not in response.content.decode()


def test_a_password_of_the_wrong_shape_is_sent_nowhere(client, member, outside):
    response = client.post(ICLOUD, {"username": "ada@icloud.com", "password": "Sommer 2026"})

    assert response.status_code == 422
    assert "We have not sent or kept it" in errors(response)["password"][0]
    assert "Sommer 2026" not in response.content.decode()
    assert outside.opened == []


def test_the_server_of_icloud_is_the_sites_own(client, member, outside, settings):
    settings.ICLOUD_CALDAV_URL = LOGIN.server_url

    client.post(ICLOUD, {**TYPED, "server_url": "https://evil.example.com/", "password": "ABCDEFGHIJKLMNOP"})

    assert outside.opened == [(LOGIN, "icloud")]


def test_what_concerns_icloud_itself_stands_on_top(client, member, outside, settings):
    settings.ICLOUD_CALDAV_URL = LOGIN.server_url
    outside.error = Unreachable("x")

    response = client.post(ICLOUD, {"username": LOGIN.username, "password": LOGIN.password})

    assert set(errors(response)) == {"__all__"}


def test_a_refused_login_that_worked_before_is_judged_by_its_history(client, member, outside):
    ConnectionFactory(
        user=member.user,
        server_url=LOGIN.server_url,
        username=LOGIN.username,
        synced_at=datetime(2026, 5, 3, 10, tzinfo=UTC),
    )

    response = client.post(CALDAV, {**TYPED, "password": "another"})

    assert "worked until 3 May 2026" in errors(response)["password"][0]


def test_a_new_password_mends_a_connection_and_its_server_cannot_be_changed(client, member, outside):
    connection = ConnectionFactory(
        user=member.user, server_url=LOGIN.server_url, username=LOGIN.username, state="broken", refused_at=NOW
    )
    page = reverse("integrations:connection-password", args=[connection.pk])

    response = client.post(page, {**TYPED, "server_url": "https://evil.example.com/", "username": "eve"})

    assert response.status_code == 302
    assert outside.opened == [(LOGIN, "caldav")]
    stored = Connection.objects.get()
    assert (stored.state, stored.credentials()) == ("connected", LOGIN)


def test_a_refused_new_password_leaves_the_old_one(client, member, outside):
    connection = ConnectionFactory(
        user=member.user, server_url=LOGIN.server_url, username=LOGIN.username, synced_at=NOW
    )

    response = client.post(reverse("integrations:connection-password", args=[connection.pk]), {"password": "wrong"})

    assert "worked until" in errors(response)["password"][0]
    assert Connection.objects.get().credentials().password == "app-password"


def test_the_thirty_first_try_within_an_hour_is_refused(client, member, outside):
    now = datetime.now(UTC)
    ConnectionTry.objects.bulk_create(ConnectionTry(user=member.user, tried_at=now) for _ in range(MOST_TRIES))

    response = client.post(CALDAV, TYPED)

    assert response.status_code == 429
    assert "30 times within an hour" in errors(response)["__all__"][0]
    assert outside.opened == []


@pytest.mark.parametrize("page", [ICLOUD, CALDAV])
def test_the_password_field_is_not_for_the_browsers_memory(client, member, page):
    response = client.get(page)

    assert 'type="password"' in response.content.decode()
    assert 'autocomplete="off"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
