import pytest

from accounts.models import OutgoingMail
from bookings.models import AppointmentChange
from bookings.services.book import SlotTaken, book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.history import OPERATOR, staff
from bookings.services.reschedule import reschedule_appointment
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory


def told(sequence):
    return dict(OutgoingMail.objects.filter(sequence=sequence).values_list("recipient", "kind"))


def test_customer_and_host_are_told_of_what_a_customer_books(appointment):
    assert told(0) == {"ada@example.org": "booked", appointment.host.user.email: "host_booked"}


def test_who_does_it_themselves_is_not_told(place):
    appointment = book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, by=staff(place.member))
    cancel_appointment(appointment, now=NOW, by=staff(place.member))

    assert (told(0), told(1)) == ({"ada@example.org": "booked"}, {"ada@example.org": "cancelled"})


def test_the_other_hosts_are_told_all_the_same(db):
    calendar = CalendarFactory(type="collective")
    first, second = (CalendarMemberFactory(calendar=calendar).member for _number in range(2))

    book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, by=staff(first))

    assert told(0) == {"ada@example.org": "booked", second.user.email: "host_booked"}


def test_who_may_not_sign_in_any_more_is_told_nothing(appointment):
    appointment.host.user.is_active = False
    appointment.host.user.save()

    cancel_appointment(appointment, now=NOW, by=OPERATOR)

    assert told(1) == {"ada@example.org": "cancelled"}


def test_a_host_who_loses_it_and_one_who_gets_it_are_told_so(place, appointment):
    other = CalendarMemberFactory(calendar=place.calendar).member

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, host=other)

    assert told(1) == {
        "ada@example.org": "rescheduled",
        other.user.email: "host_booked",
        place.member.user.email: "host_cancelled",
    }


def test_a_step_keeps_the_appointment_as_it_was_after_it(place, appointment):
    by = staff(place.member)

    reschedule_appointment(appointment, starts_at=ELEVEN, now=NOW, by=by, reason="The room is taken.")

    first, second = AppointmentChange.objects.order_by("pk")
    assert (first.kind, first.starts_at, first.sequence, first.who, first.member) == (
        "booked",
        TEN,
        0,
        "customer",
        None,
    )
    assert (second.kind, second.starts_at, second.sequence, second.who) == ("rescheduled", ELEVEN, 1, "staff")
    assert (second.member, second.reason, second.host) == (place.member, "The room is taken.", place.member)


def test_overbooking_is_kept_with_the_appointment_until_it_is_moved_to_a_free_time(place, appointment):
    beside = book_appointment(
        place.calendar, starts_at=TEN, customer=ADA, now=NOW, by=staff(place.member), overbook=True
    )
    assert beside.is_overbooked

    reschedule_appointment(beside, starts_at=ELEVEN, now=NOW, by=staff(place.member))

    assert not beside.is_overbooked


@pytest.mark.parametrize("kind", ["service", "class"])
def test_overbooking_of_what_cannot_be_stores_nothing(db, kind):
    place = CalendarMemberFactory(calendar__type=kind, calendar__seats=1)
    calendar = place.calendar
    if kind == "class":
        book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW)
    else:
        place.delete()
    before = AppointmentChange.objects.count()

    with pytest.raises(SlotTaken, match=r"SEATS|NO_HOST"):
        book_appointment(calendar, starts_at=TEN, customer=ADA, now=NOW, overbook=True)

    assert AppointmentChange.objects.count() == before
