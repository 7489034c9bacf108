from datetime import timedelta
from uuid import uuid4

from bookings.models import Appointment
from bookings.queries.wanted import coming_uids, known_uids, wanted_item
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarMemberFactory


def test_an_appointment_is_wanted_as_it_is_now(appointment):
    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW + timedelta(minutes=1))

    wanted = wanted_item(appointment.uid)

    assert (wanted.uid, wanted.member) == (appointment.uid, appointment.host)
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
