import json
from datetime import UTC, datetime, timedelta

import pytest

from availability.models import BlockingSource, BusySource, BusyTime
from availability.services.store import store_slots
from bookings.models import Appointment, IdempotencyKey
from bookings.services.book import book_appointment
from bookings.tokens import appointment_by_token
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory

pytestmark = pytest.mark.usefixtures("at_now")
BODY = {"start": "2026-11-23T10:00:00+01:00", "name": "Ada", "email": "ada@example.org"}


def _url(calendar, what):
    return f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/{what}"


def _slots(client, calendar, start="2026-11-23", end="2026-11-23", **query):
    return client.get(_url(calendar, "slots"), {"start": start, "end": end, **query})


def _book(client, calendar, *, key="k", **body):
    headers = {"idempotency-key": key} if key is not None else {}
    wanted = {name: value for name, value in (BODY | body).items() if value is not None}
    return client.post(
        _url(calendar, "appointments"), json.dumps(wanted), content_type="application/json", headers=headers
    )


# ── slots ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_slots_of_a_day_in_the_accounts_zone(client, place):
    answer = _slots(client, place.calendar)

    assert answer.status_code == 200
    content = answer.json()
    assert content["time_zone"] == "Europe/Berlin"
    assert len(content["slots"]) == 16
    assert content["slots"][0] == {
        "start": "2026-11-23T09:00:00+01:00",
        "end": "2026-11-23T09:30:00+01:00",
        "seats_left": None,
    }


def test_both_days_of_the_span_are_included(client, place):
    assert len(_slots(client, place.calendar, end="2026-11-24").json()["slots"]) == 32


def test_days_and_times_are_those_of_the_zone_asked_for(client, place):
    content = _slots(client, place.calendar, time_zone="Asia/Kathmandu").json()

    assert content["time_zone"] == "Asia/Kathmandu"
    assert content["slots"][0]["start"] == "2026-11-23T13:45:00+05:45"


def test_both_passes_of_a_doubled_hour_are_different_slots(client, place, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 10, 30, 8, 0, tzinfo=UTC))

    slots = _slots(client, place.calendar, "2026-10-31", "2026-11-02", time_zone="America/New_York").json()["slots"]

    assert len({slot["start"] for slot in slots}) == len(slots) == 16


def test_slots_of_one_host(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=other.member)

    assert len(_slots(client, place.calendar, host=place.member.slug).json()["slots"]) == 16
    assert len(_slots(client, place.calendar, host=other.member.slug).json()["slots"]) == 15


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"start": "x"}, ["start"]),
        ({"start": "2026-11-23T10:00", "end": ""}, ["start", "end"]),
        ({"end": "2026-11-22"}, ["end"]),
        ({"end": "2027-01-25"}, ["end"]),
        ({"start": "0001-01-01", "end": "0001-01-02"}, ["start", "end"]),
        ({"start": "9999-12-31", "end": "9999-12-31"}, ["start", "end"]),
        ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
        ({"time_zone": "../../etc/passwd"}, ["time_zone"]),
        ({"host": "nobody"}, ["host"]),
    ],
)
def test_what_cannot_be_understood_is_said_field_by_field(client, place, query, fields):
    answer = _slots(client, place.calendar, **query)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == fields
    assert all(isinstance(message, str) for message in answer.json()["errors"].values())


def test_sixty_two_days_may_be_asked_for(client, place):
    assert _slots(client, place.calendar, end="2027-01-24").status_code == 200


def test_a_span_has_a_start_and_an_end(client, place):
    answer = client.get(_url(place.calendar, "slots"))

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["start", "end"])


@pytest.mark.parametrize("what", ["slots", "appointments"])
@pytest.mark.parametrize("change", [{"switched_off_at": NOW}, {"slug": "renamed"}])
def test_calendars_without_a_public_page_are_not_there(client, place, what, change):
    url = _url(place.calendar, what)
    type(place.calendar).objects.update(**change)

    answer = (
        client.get(url, {"start": "2026-11-23", "end": "2026-11-23"})
        if what == "slots"
        else client.post(url, json.dumps(BODY), content_type="application/json", headers={"idempotency-key": "k"})
    )

    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize("change", [{"hidden_at": NOW}, {"type": "collective"}])
def test_hidden_calendars_and_collectives_are_there_for_whoever_has_the_address(client, place, change):
    type(place.calendar).objects.update(**change)

    assert len(_slots(client, place.calendar).json()["slots"]) == 16
    assert _book(client, place.calendar).status_code == 201


def test_a_paused_calendar_offers_nothing_and_says_so(client, place):
    type(place.calendar).objects.update(paused_at=NOW)

    assert _slots(client, place.calendar).json()["slots"] == []
    answer = _book(client, place.calendar)
    assert (answer.status_code, answer.json()["reasons"], answer.json()["next_slots"]) == (409, ["INACTIVE"], [])


def test_times_that_look_busy_are_not_listed_and_can_be_booked(client, place):
    everything = {slot["start"] for slot in _slots(client, place.calendar).json()["slots"]}
    type(place.calendar).objects.update(look_busy=50)

    listed = {slot["start"] for slot in _slots(client, place.calendar).json()["slots"]}

    assert 0 < len(listed) < len(everything)
    assert _book(client, place.calendar, start=min(everything - listed)).status_code == 201


@pytest.mark.parametrize(("shows_seats", "left"), [(True, [1, 2, 2]), (False, [None, None, None])])
def test_seats_left_are_told_if_the_calendar_shows_them(client, db, shows_seats, left):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=2, calendar__shows_seats=shows_seats)
    _book(client, place.calendar, start="2026-11-23T09:00:00+01:00")

    slots = _slots(client, place.calendar).json()["slots"]

    assert [slot["seats_left"] for slot in slots][:3] == left


def test_a_full_class_is_said_to_be_full(client, db):
    place = CalendarMemberFactory(calendar__type="class", calendar__seats=1)
    _book(client, place.calendar)

    content = _book(client, place.calendar, key="other", name="Grace").json()

    assert (content["reasons"], content["message"]) == (["SEATS"], "The last seat at that time has been taken.")
    assert content["next_slots"][0]["seats_left"] == 1


def _many(hosts, **settings):
    calendar = CalendarFactory(**settings)
    for _number in range(hosts):
        CalendarMemberFactory(calendar=calendar)
    return calendar


KINDS = ["service", "round_robin", "collective", "class"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hosts", [1, 10])
def test_slots_that_must_be_computed_cost_three_questions_for_any_number_of_hosts_and_days(
    client, db, django_assert_num_queries, hosts, kind
):
    calendar = _many(hosts, type=kind)

    with django_assert_num_queries(3 + (kind == "class")):
        _slots(client, calendar)
    with django_assert_num_queries(3 + (kind == "class")):
        _slots(client, calendar, end="2027-01-23")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hosts", [1, 10])
def test_stored_slots_cost_one_and_those_of_a_class_two(client, db, django_assert_num_queries, hosts, kind):
    calendar = _many(hosts, type=kind)
    store_slots(calendar, now=NOW)

    with django_assert_num_queries(1 + (kind == "class")):
        _slots(client, calendar, end="2027-01-23")


def test_who_asks_for_a_host_costs_one_more(client, place, django_assert_num_queries):
    with django_assert_num_queries(4):
        _slots(client, place.calendar, host=place.member.slug)


# ── booking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_booking_answers_with_what_was_booked(client, place, settings):
    settings.PUBLIC_BASE_URL = "https://book.example.org"

    answer = _book(client, place.calendar)

    appointment = Appointment.objects.get()
    content = answer.json()
    assert answer.status_code == 201
    token = content.pop("manage_url").removeprefix("https://book.example.org/book/manage/").removesuffix("/")
    assert appointment_by_token(token, now=NOW) == appointment
    assert content == {
        "id": str(appointment.uid),
        "start": "2026-11-23T10:00:00+01:00",
        "end": "2026-11-23T10:30:00+01:00",
        "host": place.member.slug,
    }


def test_everything_a_customer_says_is_kept(client, place):
    other = CalendarMemberFactory(calendar=place.calendar)

    answer = _book(
        client,
        place.calendar,
        phone="0451 1",
        time_zone="Asia/Kathmandu",
        host=other.member.slug,
        answers={"note": "Left shoulder."},
    )

    appointment = Appointment.objects.get()
    assert answer.json()["start"] == "2026-11-23T14:45:00+05:45"
    assert (appointment.customer_phone, appointment.note, appointment.host) == (
        "0451 1",
        "Left shoulder.",
        other.member,
    )
    assert str(appointment.time_zone) == "Asia/Kathmandu"


def test_the_place_is_an_answer_where_the_calendar_asks_for_it(client, place):
    type(place.calendar).objects.update(place_kind="ask")

    missing = _book(client, place.calendar)
    given = _book(client, place.calendar, answers={"place": "At my house"})

    assert (missing.status_code, missing.json()["errors"]) == (422, {"answers.place": "Say where."})
    assert given.status_code == 201
    assert Appointment.objects.get().place == "At my house"


def test_elsewhere_the_place_is_no_question(client, place):
    answer = _book(client, place.calendar, answers={"place": "At my house"})

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["answers.place"])


def test_whoever_is_to_be_called_says_their_number(client, place):
    type(place.calendar).objects.update(place_kind="we_call")

    assert list(_book(client, place.calendar).json()["errors"]) == ["phone"]
    assert _book(client, place.calendar, phone="0451 1").status_code == 201


def test_no_address_of_a_host_goes_out(client, place):
    assert b"@" not in _book(client, place.calendar).content
    assert b"@" not in _slots(client, place.calendar).content


def test_the_same_key_and_body_replays_the_same_answer(client, place):
    first, second = (_book(client, place.calendar) for _ in range(2))

    assert (second.status_code, second.json()) == (201, first.json())
    assert Appointment.objects.count() == 1


def test_the_same_start_spelled_otherwise_is_the_same_body(client, place):
    first = _book(client, place.calendar)

    assert _book(client, place.calendar, start="2026-11-23T09:00:00Z").json() == first.json()


def test_the_same_key_with_another_body_is_a_conflict(client, place):
    _book(client, place.calendar)

    answer = _book(client, place.calendar, name="Grace")

    assert (answer.status_code, answer.json()["error"]) == (409, "key_used_differently")
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("key", [None, "", "x" * 201])
def test_a_key_is_required_and_has_two_hundred_characters_at_most(client, place, key):
    answer = _book(client, place.calendar, key=key)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["Idempotency-Key"])
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"start": None}, ["start"]),
        ({"start": ""}, ["start"]),
        ({"start": "tomorrow"}, ["start"]),
        ({"start": "2026-11-23T10:00:00"}, ["start"]),
        ({"start": "2026-11-23"}, ["start"]),
        ({"start": "0001-01-01T00:00:00+23:59"}, ["start"]),
        ({"start": "9999-12-31T23:59:59-23:59"}, ["start"]),
        ({"start": 1764000000}, ["start"]),
        ({"name": "  "}, ["name"]),
        ({"name": "x" * 121}, ["name"]),
        ({"name": "a\0b"}, ["name"]),
        ({"name": ["Ada"]}, ["name"]),
        ({"email": "ada"}, ["email"]),
        ({"email": None, "name": None}, ["name", "email"]),
        ({"email": "a@b.example\nBcc: c@d.example"}, ["email"]),
        ({"phone": "1" * 41}, ["phone"]),
        ({"time_zone": "Berlin"}, ["time_zone"]),
        ({"host": "nobody"}, ["host"]),
        ({"host": "someone@example.org"}, ["host"]),
        ({"answers": {"note": "x" * 4001}}, ["answers.note"]),
        ({"answers": {"shoe size": "42"}}, ["answers.shoe size"]),
        ({"answers": "none"}, ["answers"]),
    ],
)
def test_each_field_that_is_not_right_has_one_message(client, place, body, fields):
    answer = _book(client, place.calendar, **body)

    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == sorted(fields)
    assert all(isinstance(message, str) for message in answer.json()["errors"].values())
    assert not Appointment.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("field", ["name", "email", "phone", "host", "time_zone", "start"])
def test_half_a_surrogate_pair_is_no_text(client, place, field):
    body = json.dumps(BODY | {field: "a\ud800@example.org"})

    answer = client.post(
        _url(place.calendar, "appointments"), body, content_type="application/json", headers={"idempotency-key": "k"}
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\x00"])
def test_what_is_no_json_object_is_said_to_be_none(client, place, body):
    answer = client.post(
        _url(place.calendar, "appointments"), body, content_type="application/json", headers={"idempotency-key": "k"}
    )

    assert answer.status_code == 422


def test_a_taken_time_is_a_conflict_with_the_next_free_slots(client, place, appointment):
    answer = _book(client, place.calendar)

    content = answer.json()
    assert (answer.status_code, content["error"], content["reasons"]) == (409, "slot_taken", ["BOOKED"])
    assert content["message"] == "That time has just been taken."
    assert [slot["start"][11:16] for slot in content["next_slots"]] == ["10:30", "11:00", "11:30", "12:00", "12:30"]
    assert _book(client, place.calendar, start=content["next_slots"][0]["start"]).status_code == 201


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-11-22T10:00:00+01:00", "PAST"),
        ("2026-11-23T09:00:00+01:00", "NOTICE"),
        ("2027-02-10T10:00:00+01:00", "HORIZON"),
        ("8999-12-31T10:00:00+01:00", "HORIZON"),
        ("2026-11-23T20:00:00+01:00", "HOURS"),
        ("2026-11-23T10:01:00+01:00", "HOURS"),
        ("2026-11-23T10:00:00.5+01:00", "HOURS"),
    ],
)
def test_other_refusals_have_their_reason_and_free_slots(client, place, start, reason):
    place.calendar.minimum_notice = timedelta(hours=2)
    place.calendar.save()

    answer = _book(client, place.calendar, start=start)

    assert (answer.status_code, answer.json()["reasons"]) == (409, [reason])
    assert len(answer.json()["next_slots"]) == 5


def test_an_event_reads_like_an_appointment(client, place):
    source = BusySource.objects.create(user=place.member.user, name="Private", read_at=NOW)
    BlockingSource.objects.create(member=place.member, source=source)
    BusyTime.objects.create(
        source=source, user=place.member.user, group="g", key="k", start=TEN, end=TEN + timedelta(minutes=5), label="GP"
    )

    answer = _book(client, place.calendar)

    assert answer.json()["reasons"] == ["BOOKED"]
    assert b"GP" not in answer.content


def test_the_interface_describes_itself(client):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert list(answer.json()["paths"]) == [
        "/api/v1/calendars/{account}/{calendar}/slots",
        "/api/v1/calendars/{account}/{calendar}/appointments",
    ]


def test_there_is_no_page_for_trying_it_out(client):
    assert client.get("/api/v1/docs").status_code == 404


def test_an_address_that_is_too_long_in_lower_case_is_refused(client, place):
    answer = _book(client, place.calendar, email=f"a@{('İ' * 60 + '.') * 4}de")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["email"]
