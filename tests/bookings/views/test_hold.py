"""Choosing a time: it is kept, the form says so, and leaving gives it up (B4)."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from availability.models import HostTime
from bookings.models import Appointment, Hold
from bookings.services.book import book_appointment
from tests.availability.situations import expire
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
TEN_TEXT, ELEVEN_TEXT = "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"
ANSWERS = {"start": TEN_TEXT, "name": "Ada", "email": "ada@example.org", "key": "form-1"}
NOT_KEPT = "This time is not kept for you while you fill in the form."


@pytest.fixture
def client_of_another():
    """Another browser."""
    return Client()


def _url(calendar, name="book"):
    return reverse(f"bookings:{name}", args=[calendar.account.slug, calendar.slug])


def _choose(client, calendar, start=TEN_TEXT, **more):
    return client.post(_url(calendar, "hold"), {"start": start, "host": "", "time_zone": "Europe/Berlin"} | more)


def _release(client, calendar, hold, **more):
    return client.post(_url(calendar, "release"), {"until": hold.expires_at.isoformat()} | more)


def _text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def _starts(response):
    return re.findall(r'name="start" value="([^"]+)"', response.content.decode())


def _run_out():
    hold = Hold.objects.get()
    expire(hold.uid)
    Hold.objects.update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_choosing_a_time_keeps_it_and_opens_the_form_that_says_so(client, place):
    response = _choose(client, place.calendar)

    assert response.status_code == 303
    assert response["Location"] == f"{_url(place.calendar)}?start=2026-11-23T09%3A00%3A00Z&time_zone=Europe%2FBerlin"
    until = Hold.objects.get().expires_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (
        f"We are keeping this time for you until {until:%H:%M} . "
        "If you need longer, just carry on: you only lose it if somebody else takes it first."
    ) in _text(client.get(response["Location"]))


def test_the_form_names_the_moment_in_the_readers_zone(client, place):
    form = client.get(_choose(client, place.calendar, time_zone="Asia/Kathmandu")["Location"])

    until = Hold.objects.get().expires_at + timedelta(hours=5, minutes=45)
    assert f"until {until:%H:%M} ." in _text(form)


def test_the_colleague_who_was_asked_for_is_kept(client, place):
    other = CalendarMemberFactory(calendar=place.calendar).member

    response = _choose(client, place.calendar, host=other.slug)

    assert f"host={other.slug}" in response["Location"]
    assert (Hold.objects.get().host, Hold.objects.get().asked_for) == (other, True)
    assert "We are keeping this time" in _text(client.get(response["Location"]))


def test_the_cookie_says_nothing_and_only_its_digest_is_stored(client, place):
    cookie = _choose(client, place.calendar).cookies["browser"]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    hold = Hold.objects.get()
    assert cookie.value not in (hold.browser, hold.address)
    assert "127.0.0.1" not in hold.address
    assert len(hold.browser) == len(hold.address) == 64


def test_over_https_the_cookie_goes_over_https_alone(client, place):
    response = client.post(_url(place.calendar, "hold"), {"start": TEN_TEXT}, secure=True)

    assert response.cookies["browser"]["secure"]


def test_the_same_browser_keeps_its_cookie_and_one_hold(client, place):
    _choose(client, place.calendar)
    again = _choose(client, place.calendar, ELEVEN_TEXT)

    assert "browser" not in again.cookies
    assert Hold.objects.get().starts_at == ELEVEN


@pytest.mark.parametrize("cookie", ["", "x", "a" * 33, "ä" * 32, "a" * 31 + "!"])
def test_a_made_up_cookie_is_replaced(client, place, cookie):
    client.cookies["browser"] = cookie

    assert len(_choose(client, place.calendar).cookies["browser"].value) == 32


def test_looking_keeps_nothing(client, place):
    for name in ("hold", "release"):
        assert client.get(_url(place.calendar, name)).status_code == 405
    client.get(_url(place.calendar), {"start": TEN_TEXT})

    assert not Hold.objects.exists()


def test_a_link_opens_the_form_without_a_hold_and_says_so(client, place):
    assert NOT_KEPT in _text(client.get(_url(place.calendar), {"start": TEN_TEXT}))


def test_when_enough_is_held_the_form_opens_and_says_that_nothing_is_kept(client, place):
    for number in range(4):
        client.cookies.clear()
        _choose(client, place.calendar, f"2026-11-23T{9 + number:02}:00:00Z")
        Hold.objects.update(address="elsewhere")
    client.cookies.clear()

    response = _choose(client, place.calendar, "2026-11-23T14:00:00Z")

    assert response.status_code == 303
    assert NOT_KEPT in _text(client.get(response["Location"]))


def test_a_time_that_is_gone_is_told_with_others_that_can_be_chosen(client, place, appointment):
    response = _choose(client, place.calendar)

    assert response.status_code == 409
    page = response.content.decode()
    assert "That time has just been taken. Nothing was booked for you." in _text(response)
    assert f'action="{_url(place.calendar, "hold")}"' in page
    assert f'href="{_url(place.calendar)}"' in page
    assert _choose(client, place.calendar, _starts(response)[0]).status_code == 303


@pytest.mark.parametrize("start", ["", "x", "2026-11-23T10:00", "9999-12-31T23:59:59Z", "\0"])
def test_choosing_nonsense_leads_back_to_the_times(client, place, start):
    response = _choose(client, place.calendar, start)

    assert (response.status_code, response["Location"]) == (303, _url(place.calendar))


@pytest.mark.parametrize("start", ["1999-01-01T09:00:00Z", "8999-12-31T23:00:00Z"])
def test_a_time_out_of_reach_is_refused(client, place, start):
    assert _choose(client, place.calendar, start).status_code == 409


@pytest.mark.parametrize("name", ["hold", "release"])
def test_an_unknown_calendar_is_not_there(client, place, name):
    assert client.post(f"/book/{place.calendar.account.slug}/unknown/hold/").status_code == 404
    place.calendar.switched_off_at = NOW
    place.calendar.save()
    assert client.post(_url(place.calendar, name), {"start": TEN_TEXT}).status_code == 404


# ── what the own browser sees, and others ────────────────────────────────────────────────────────────────────────────


def test_the_own_browser_goes_on_seeing_its_time_and_others_do_not(client, place, client_of_another):
    _choose(client, place.calendar)

    assert TEN_TEXT in _starts(client.get(_url(place.calendar)))
    assert client.get(_url(place.calendar), {"start": TEN_TEXT}).status_code == 200
    assert TEN_TEXT not in _starts(client_of_another.get(_url(place.calendar)))
    assert client_of_another.get(_url(place.calendar), {"start": TEN_TEXT}).status_code == 409


def test_the_form_of_another_time_does_not_claim_to_be_kept(client, place):
    _choose(client, place.calendar)

    assert NOT_KEPT in _text(client.get(_url(place.calendar), {"start": ELEVEN_TEXT}))


def test_a_hold_that_ran_out_is_said_to_have(client, place):
    form = _choose(client, place.calendar)["Location"]
    _run_out()

    text = _text(client.get(form))

    assert "We kept this time for you until 01:00. It is still free: book it now." in text


# ── booking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_booking_takes_the_held_time_and_gives_up_the_hold(client, place):
    _choose(client, place.calendar)

    response = client.post(_url(place.calendar), ANSWERS)

    assert response.status_code == 302
    assert HostTime.objects.get().uid == Appointment.objects.get().uid
    assert not Hold.objects.exists()


def test_a_held_time_that_overlaps_is_no_obstacle_to_the_own_browser(client, place):
    place.calendar.interval = timedelta(minutes=15)
    place.calendar.save()
    _choose(client, place.calendar)

    response = client.post(_url(place.calendar), ANSWERS | {"start": "2026-11-23T09:15:00Z"})

    assert response.status_code == 302


def test_another_browser_cannot_book_what_is_held(client, place, client_of_another):
    _choose(client, place.calendar)

    assert client_of_another.post(_url(place.calendar), ANSWERS).status_code == 409
    assert not Appointment.objects.exists()


def test_a_form_that_is_sent_after_its_hold_ran_out_still_books(client, place):
    _choose(client, place.calendar)
    _run_out()

    assert client.post(_url(place.calendar), ANSWERS).status_code == 302


def test_a_form_that_is_sent_after_somebody_else_took_the_time_keeps_the_answers(client, place):
    _choose(client, place.calendar)
    _run_out()
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    response = client.post(_url(place.calendar), ANSWERS | {"note": "Left."})

    assert (response.status_code, '<input type="hidden" name="note" value="Left.">' in response.content.decode()) == (
        409,
        True,
    )


def test_a_form_that_comes_back_goes_on_saying_what_is_kept(client, place):
    _choose(client, place.calendar)
    incomplete = ANSWERS | {"name": ""}

    assert "We are keeping this time" in _text(client.post(_url(place.calendar), incomplete))
    _run_out()
    assert "You can still book it if nobody else has taken it." in _text(client.post(_url(place.calendar), incomplete))


def test_the_provisional_host_of_a_round_robin_is_the_host_of_the_appointment(client, db):
    calendar = CalendarFactory(type="round_robin")
    for _number in range(3):
        CalendarMemberFactory(calendar=calendar)
    _choose(client, calendar)
    host = Hold.objects.get().host

    client.post(_url(calendar), ANSWERS)

    assert Appointment.objects.get().host == host


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_leaving_gives_the_time_up(client, place, client_of_another):
    _choose(client, place.calendar)

    response = _release(client, place.calendar, Hold.objects.get())

    assert (response.status_code, response.content) == (204, b"")
    assert TEN_TEXT in _starts(client_of_another.get(_url(place.calendar)))


def test_a_farewell_that_comes_late_does_not_touch_the_next_hold(client, place):
    _choose(client, place.calendar)
    left = Hold.objects.get()
    _choose(client, place.calendar)

    assert _release(client, place.calendar, left).status_code == 204
    assert Hold.objects.exists()


def test_nobody_releases_the_hold_of_another_browser(client, place, client_of_another):
    _choose(client, place.calendar)

    _release(client_of_another, place.calendar, Hold.objects.get())

    assert Hold.objects.exists()


@pytest.mark.parametrize(
    "until",
    ["", "x", "2026-11-23T09:00:00", "\0", "9" * 5000, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"],
)
def test_a_release_that_makes_no_sense_changes_nothing(client, place, until):
    _choose(client, place.calendar)

    assert client.post(_url(place.calendar, "release"), {"until": until}).status_code == 204
    assert Hold.objects.exists()


def test_both_ask_for_a_token_of_ours(place):
    strict = Client(enforce_csrf_checks=True)

    assert [strict.post(_url(place.calendar, name)).status_code for name in ("hold", "release")] == [403, 403]
