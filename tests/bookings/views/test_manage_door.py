import base64
from datetime import timedelta
from itertools import cycle, islice, product
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from availability.models import HostTime
from bookings.services.cancel import cancel_appointment
from bookings.views import manage_cancel
from tests.bookings.situations import ELEVEN
from tests.bookings.views.stages import ACTIONS, REFUSED, STAGES, all_rows, url
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("at_now")
ELEVEN_IN_WORDS = f"{ELEVEN:%Y-%m-%dT%H:%M:%SZ}"
LOOKS = tuple(product(ACTIONS, ("", f"?start={ELEVEN_IN_WORDS}&reason=x", "?language=de")))
SCANNERS = ("Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; bingbot/2.0)", "GoogleImageProxy", "")


def _everything(appointment) -> tuple[object, ...]:
    return all_rows(appointment), list(HostTime.objects.order_by("pk").values_list())


def _is_private(response) -> bool:
    told = [response.get(name) for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    return told == ["no-store", "noindex, nofollow", "no-referrer"]


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
def test_every_answer_is_kept_listed_and_passed_on_nowhere(client, appointment, name, method):
    assert _is_private(getattr(client, method)(url(appointment, name)))


@pytest.mark.parametrize("path", ["{0}/", "{0}/reschedule/", "{0}/cancel/", "{0}/appointment.ics", "{0}/else/", "{0}"])
def test_neither_is_what_is_not_there(client, db, path):
    response = client.get("/book/manage/" + path.format("A" * 64), follow=True)

    assert (response.status_code, _is_private(response)) == (404, True)


def test_nor_an_error_of_ours(client, appointment, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(manage_cancel, "cancel_appointment", fail)
    client.raise_request_exception = False

    response = client.post(url(appointment, "manage-cancel"))

    assert (response.status_code, _is_private(response)) == (500, True)


def test_other_pages_are_as_they_were(client, appointment):
    calendar = appointment.calendar

    response = client.get(reverse("bookings:book", args=[calendar.account.slug, calendar.slug]))

    assert not _is_private(response)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_guess_is_answered_alike(client, appointment, name):
    code = base64.urlsafe_b64decode(url(appointment).split("/")[3])[16:]
    guesses = [
        base64.urlsafe_b64encode(appointment.uid.bytes + bytes(32)).decode(),
        base64.urlsafe_b64encode(uuid4().bytes + code).decode(),
        "A" * 64,
        "x",
    ]

    answers = [client.get(reverse(f"bookings:{name}", args=[guess])) for guess in guesses]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_the_page_is_open_for_thirty_days_after_the_end(client, appointment, monkeypatch):
    for days, status in ((29, 200), (30, 404)):
        monkeypatch.setattr(timezone, "now", lambda days=days: appointment.ends_at + timedelta(days=days))

        assert client.get(url(appointment)).status_code == status


@pytest.mark.parametrize("arrange", [*STAGES, *REFUSED])
def test_looking_changes_nothing_however_it_stands(client, place, arrange, monkeypatch):
    appointment, now = arrange(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)
    before = _everything(appointment)

    for name, query in LOOKS:
        for look in (client.get, client.head):
            assert look(url(appointment, name) + query).status_code in (200, 302, 404, 409)

    assert _everything(appointment) == before


def test_a_hundred_looks_of_scanners_change_nothing(client, appointment):
    before = _everything(appointment)

    for number, (scanner, (name, query)) in enumerate(islice(cycle(product(SCANNERS, LOOKS)), 100)):
        look = client.head if number % 2 else client.get
        look(url(appointment, name) + query, headers={"user-agent": scanner})

    assert _everything(appointment) == before


@pytest.mark.parametrize("name", ["manage", "manage-ics"])
def test_what_only_shows_cannot_be_posted_to(client, appointment, name):
    assert client.post(url(appointment, name)).status_code == 405


@pytest.mark.parametrize("came_from", ["cross-site", "same-site", "something"])
def test_a_form_of_another_site_changes_nothing(client, appointment, came_from):
    before = all_rows(appointment)

    for name in ("manage-reschedule", "manage-cancel"):
        sent = {"start": ELEVEN_IN_WORDS}
        response = client.post(url(appointment, name), sent, headers={"sec-fetch-site": came_from})
        assert response.status_code == 403
        assert "This came from another site." in response.content.decode()

    assert all_rows(appointment) == before


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {}])
def test_a_form_of_ours_needs_no_token_but_the_one_in_its_address(appointment, headers):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null", **headers})

    assert strict.post(url(appointment, "manage-cancel")).status_code == 302
    appointment.refresh_from_db()
    assert appointment.cancelled_at == NOW


def test_the_language_is_chosen_by_a_link_and_the_rest_of_the_address_stays(client, appointment):
    address = url(appointment, "manage-reschedule")

    response = client.get(f"{address}?day=2026-11-25&language=de")

    assert (response.status_code, response["Location"]) == (302, f"{address}?day=2026-11-25")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    assert '<html lang="de"' in client.get(address).content.decode()


def test_an_unknown_language_is_not_kept(client, appointment):
    response = client.get(url(appointment) + "?language=%0d%0ax")

    assert (response.status_code, response["Location"]) == (302, url(appointment))
    assert not response.cookies


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("arrange", [*STAGES, *REFUSED])
def test_every_page_is_there_in_both_languages(client, place, arrange, language, monkeypatch):
    appointment, now = arrange(place.calendar)
    monkeypatch.setattr(timezone, "now", lambda: now)

    for name in ("manage", "manage-reschedule", "manage-cancel"):
        page = client.get(url(appointment, name), headers={"accept-language": language}, follow=True)
        assert page.status_code == 200
        assert f'<html lang="{language}' in page.content.decode()


def test_the_file_is_an_event_with_the_appointments_name(client, appointment):
    response = client.get(url(appointment, "manage-ics"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert f"UID:{appointment.uid}@holdfast\r\n".encode() in response.content


def test_there_is_no_file_of_what_does_not_take_place(client, appointment):
    cancel_appointment(appointment, now=NOW)

    assert client.get(url(appointment, "manage-ics")).status_code == 404
