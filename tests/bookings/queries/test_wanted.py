from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from availability.models import Calendar
from availability.services.reserve import hold_time
from bookings.models import Appointment
from bookings.queries.wanted import coming_uids, known_uids, wanted_item
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory


def test_an_appointment_is_wanted_as_it_is_now(appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW + timedelta(minutes=1))

    wanted = wanted_item(appointment.uid)

    assert (wanted.uid, wanted.members) == (appointment.uid, (appointment.host,))
    assert (wanted.starts_at, wanted.ends_at) == (ELEVEN, ELEVEN + timedelta(minutes=30))
    assert (wanted.sequence, wanted.changed_at) == (1, NOW + timedelta(minutes=1))
    assert (wanted.tentative, wanted.looks_outside) == (False, True)
    assert wanted.title == "First visit: Ada Lovelace"


def test_the_description_says_who_comes_and_where_to_look(place, settings):
    settings.PUBLIC_BASE_URL = "https://book.example.org"
    customer = Customer(
        name="Ada", email="ada@example.org", phone="0451 1", note="Left.", time_zone="UTC", locale="en-gb"
    )
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    page = f"https://book.example.org/calendar/appointments/{appointment.uid}/"
    expected = f"Ada\nada@example.org\n0451 1\n\nLeft.\n\nIn Holdfast: {page}"
    assert wanted_item(appointment.uid).description == expected


@pytest.mark.parametrize(("detail", "told"), [("everything", True), ("name", False), ("nothing", False)])
def test_answers_are_told_where_everything_is(place, detail, told):
    Calendar.objects.update(customer_detail=detail)
    place.calendar.refresh_from_db()
    customer = replace(ADA, answers=(("Which side?", "Left"), ("Step-free", "No")))
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    description = wanted_item(appointment.uid).description

    assert ("ada@example.org\n\nWhich side? Left\nStep-free: No\n\nIn Holdfast" in description) == told
    assert ("Left" in description) == told


@pytest.mark.parametrize(
    ("settings", "title", "first_lines"),
    [
        ({}, "First visit: Ada Lovelace", ["Ada Lovelace", "ada@example.org", ""]),
        ({"customer_detail": "name"}, "First visit: Ada Lovelace", ["Ada Lovelace"]),
        ({"customer_detail": "nothing"}, "First visit", []),
        ({"title_template": "{customer} / {calendar} {x}"}, "Ada Lovelace / First visit {x}", None),
        ({"title_template": "{customer} comes", "customer_detail": "nothing"}, "Customer comes", []),
    ],
)
def test_the_calendar_says_what_the_event_is_called_and_how_much_it_tells(place, settings, title, first_lines):
    Calendar.objects.update(**settings)
    place.calendar.refresh_from_db()
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    wanted = wanted_item(appointment.uid)

    assert wanted.title == title
    if first_lines is not None:
        assert wanted.description.split("\n")[:-1] == first_lines


@pytest.mark.parametrize(
    ("detail", "location"), [("everything", "By phone: we call 0451 1"), ("name", "By phone: we call the customer")]
)
def test_the_location_tells_no_more_of_the_customer_than_the_rest(place, detail, location):
    Calendar.objects.update(customer_detail=detail, place_kind="we_call")
    place.calendar.refresh_from_db()
    customer = Customer(name="Ada", email="ada@example.org", phone="0451 1", time_zone="UTC", locale="en-gb")

    appointment = book_appointment(place.calendar, starts_at=TEN, customer=customer, now=NOW)

    assert wanted_item(appointment.uid).location == location


def test_what_waits_for_approval_is_tentative(appointment):
    Appointment.objects.update(confirmed_at=None)

    assert wanted_item(appointment.uid).tentative


def test_cancelled_and_unknown_items_must_not_exist_outside(appointment):
    cancel_appointment(appointment, now=NOW)

    assert wanted_item(appointment.uid) is None
    assert wanted_item(uuid4()) is None


def test_appointments_of_simple_calendars_take_no_part(db):
    place = CalendarMemberFactory(calendar__type="simple")
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    assert not wanted_item(appointment.uid).looks_outside
    assert coming_uids(place.member, now=NOW) == []


def test_customers_are_not_in_the_representation(appointment):
    assert "Ada" not in repr(wanted_item(appointment.uid))


def test_coming_are_the_active_ones_of_this_host_that_are_not_over(place, appointment):
    other = CalendarMemberFactory(calendar=place.calendar)
    theirs = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, host=other.member)
    cancelled = book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW, host=place.member)
    cancel_appointment(cancelled, now=NOW)

    assert coming_uids(place.member, now=NOW) == [appointment.uid]
    assert coming_uids(other.member, now=NOW) == [theirs.uid]
    assert coming_uids(place.member, now=appointment.ends_at) == []


def test_known_are_ours_cancelled_ones_too(appointment):
    cancel_appointment(appointment, now=NOW)

    assert known_uids([appointment.uid, uuid4()]) == {appointment.uid}


# ── several hosts (T7, T8) ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def collective(db):
    calendar = CalendarFactory(type="collective", name="Board")
    places = [CalendarMemberFactory(calendar=calendar, is_lead=is_lead) for is_lead in (False, True)]
    return calendar, places[1].member, places[0].member


def test_an_appointment_of_several_is_wanted_by_all_of_them(collective):
    calendar, lead, other = collective

    appointment = book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)

    wanted = wanted_item(appointment.uid)
    assert wanted.members == (lead, other)
    assert f"With: {lead.user.name}, {other.user.name}" in wanted.description
    assert coming_uids(lead, now=NOW) == coming_uids(other, now=NOW) == [appointment.uid]


# ── classes (T2) ─────────────────────────────────────────────────────────────────────────────────────────────────────

GRACE = Customer(name="Grace Hopper", email="grace@example.org", time_zone="UTC", locale="en-gb", note="Right knee.")


@pytest.fixture
def yoga(db):
    return CalendarMemberFactory(calendar__type="class", calendar__name="Yoga", calendar__seats=3)


def _seat(yoga, customer=ADA, starts_at=TEN):
    return book_appointment(yoga.calendar, starts_at=starts_at, customer=customer, now=NOW)


def test_a_session_is_one_item_for_all_its_seats(yoga, settings):
    settings.PUBLIC_BASE_URL = "https://book.example.org"
    ada, grace = _seat(yoga), _seat(yoga, GRACE)

    wanted = wanted_item(ada.session_uid)

    assert (wanted.uid, wanted.members, wanted.title) == (grace.session_uid, (yoga.member,), "Yoga (2 of 3)")
    assert (wanted.starts_at, wanted.ends_at) == (TEN, TEN + timedelta(minutes=30))
    assert wanted.description.split("\n") == [
        *("Ada Lovelace", "ada@example.org", ""),
        *("Grace Hopper", "grace@example.org", "", "Right knee.", ""),
        f"In Holdfast: https://book.example.org/calendar/sessions/{ada.session_uid}/",
    ]


def test_a_seat_is_no_item_of_its_own(yoga):
    seat = _seat(yoga)

    assert wanted_item(seat.uid) is None
    assert coming_uids(yoga.member, now=NOW) == [seat.session_uid]
    assert known_uids([seat.uid, seat.session_uid]) == {seat.uid, seat.session_uid}


def test_a_session_changes_with_its_seats_and_is_gone_with_the_last(yoga):
    ada, grace = _seat(yoga), _seat(yoga, GRACE)
    before = wanted_item(ada.session_uid)

    cancel_appointment(ada, now=NOW + timedelta(minutes=1))

    after = wanted_item(ada.session_uid)
    assert (after.title, after.changed_at) == ("Yoga (1 of 3)", NOW + timedelta(minutes=1))
    assert after.sequence > before.sequence
    assert "Ada" not in after.description
    cancel_appointment(grace, now=NOW)
    assert wanted_item(ada.session_uid) is None
    assert coming_uids(yoga.member, now=NOW) == []
    assert known_uids([ada.session_uid]) == {ada.session_uid}


def test_a_seat_that_is_only_held_is_nobody_yet(yoga):
    with transaction.atomic():
        held = hold_time(yoga.calendar, starts_at=TEN, uid=uuid4(), now=NOW)

    assert wanted_item(held.session_uid) is None


def test_a_session_may_have_a_title_of_its_own_and_tell_nothing(yoga):
    Calendar.objects.update(title_template="{calendar}, {customer}", customer_detail="nothing")
    seat = _seat(yoga)

    wanted = wanted_item(seat.session_uid)

    assert wanted.title == "Yoga, 1 of 3"
    assert wanted.description.startswith("In Holdfast")


def test_a_session_where_each_said_another_place_has_none(yoga):
    Calendar.objects.update(place_kind="ask")
    yoga.calendar.refresh_from_db()
    for name in ("Ada", "Grace"):
        customer = Customer(
            name=name, email=f"{name}@example.org", place=f"At {name}'s", time_zone="UTC", locale="en-gb"
        )
        seat = _seat(yoga, customer)

    assert wanted_item(seat.session_uid).location == ""
