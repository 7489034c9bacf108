from datetime import timedelta

import pytest

from accounts.models import Tally
from bookings.models import Appointment
from bookings.queries.open_appointments import open_appointments
from bookings.services.admission import TooMany, admit_booking, admit_change, mailbox
from bookings.services.book import Customer, book_appointment
from bookings.services.cancel import cancel_appointment
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW, CalendarMemberFactory

HALF_AN_HOUR = timedelta(minutes=30)


def _admit(calendar, email="ada@example.org", *, address="192.0.2.7", key=""):
    admit_booking(calendar, email=email, address=address, now=NOW, key=key)


def _book(calendar, number, *, key=""):
    return book_appointment(calendar, starts_at=TEN + number * HALF_AN_HOUR, customer=ADA, now=NOW, key=key)


def _admitted(tries):
    admitted = 0
    for attempt in tries:
        try:
            attempt()
        except TooMany:
            continue
        admitted += 1
    return admitted


@pytest.mark.parametrize(
    "spelled",
    ["ada@example.org", " Ada@Example.ORG ", "ada+1@example.org", "ADA+x+y@example.org"],
)
def test_one_person_has_one_mailbox_however_it_is_spelled(spelled):
    assert mailbox(spelled) == "ada@example.org"


@pytest.mark.parametrize(
    "spelled", ["ada.l@example.org", "ada@mail.example.org", "+ada@example.org", "ida@example.org"]
)
def test_other_addresses_are_other_mailboxes(spelled):
    assert mailbox(spelled) != "ada@example.org"


def test_a_thousand_bookings_that_name_one_victim_come_to_five(place, limits_on):
    tries = [
        lambda n=n: _admit(place.calendar, f"Ada+{n}@example.org", address=f"192.0.2.{n % 200}", key=f"k{n}")
        for n in range(1000)
    ]

    assert _admitted(tries) == 5


def test_one_address_cannot_take_a_whole_week(place, limits_on):
    tries = [lambda n=n: _admit(place.calendar, f"person{n}@example.org") for n in range(80)]

    assert _admitted(tries) == 30


def test_an_account_is_not_flooded_from_many_addresses(place, limits_on):
    limits_on["book-account"] = (7, 3600)
    other = CalendarMemberFactory(calendar__account=place.calendar.account).calendar
    tries = [
        lambda n=n: _admit(other if n % 2 else place.calendar, f"person{n}@example.org", address=f"192.0.2.{n}")
        for n in range(20)
    ]

    assert _admitted(tries) == 7


def test_a_customer_has_five_coming_appointments_with_an_account(place, limits_on):
    booked = [_book(place.calendar, number) for number in range(5)]
    with pytest.raises(TooMany) as refused:
        _admit(place.calendar)

    cancel_appointment(booked[0], now=NOW)

    assert refused.value.retry_after == 3600
    _admit(place.calendar)


def test_appointments_that_are_over_or_elsewhere_or_of_others_are_not_counted(place, limits_on):
    elsewhere = CalendarMemberFactory().calendar
    _book(elsewhere, 0)
    other = Customer(name="Ida", email="ida@example.org", time_zone="Europe/London", locale="en-gb")
    book_appointment(place.calendar, starts_at=TEN + HALF_AN_HOUR, customer=other, now=NOW)
    _book(place.calendar, 0)

    account = place.calendar.account
    assert open_appointments(account, email="ADA@example.org", now=NOW) == 1
    assert open_appointments(account, email="ada@example.org", now=TEN + HALF_AN_HOUR) == 0


def test_a_repeat_is_let_through_whatever_limit_is_reached(place, limits_on):
    for number in range(5):
        _admit(place.calendar, key=f"k{number}")
        _book(place.calendar, number, key=f"k{number}")

    for number in range(5):
        _admit(place.calendar, address="198.51.100.1", key=f"k{number}")

    assert sorted(Tally.objects.exclude(what="once").values_list("what", "count")) == [
        ("book-account", 5),
        ("book-address", 5),
        ("book-email", 5),
    ]


def test_a_form_sent_again_for_another_time_counts_once(place, limits_on):
    for _ in range(20):
        _admit(place.calendar, key="one form")

    assert Tally.objects.get(what="book-email").count == 1


def test_a_form_of_ones_own_is_no_way_to_write_to_somebody_else(place, limits_on):
    tries = [lambda n=n: _admit(place.calendar, "ada@example.org", key="one form") for n in range(2)]
    tries += [lambda n=n: _admit(place.calendar, f"person{n}@example.org", key="one form") for n in range(50)]

    # the first repeats itself, the others are no repeats
    assert _admitted(tries) == 31
    assert Tally.objects.get(what="book-address").count == 30


def test_an_appointment_changes_ten_times_a_day(appointment, limits_on):
    assert _admitted([lambda: admit_change(appointment)] * 15) == 10


def test_all_appointments_of_one_address_change_twenty_times_a_day(place, limits_on):
    booked = [_book(place.calendar, number) for number in range(5)]

    assert _admitted([lambda one=one: admit_change(one) for one in booked * 10]) == 20


def test_without_limits_everybody_is_let_through(place):
    tries = [lambda: _admit(place.calendar)] * 40

    assert _admitted(tries) == 40
    assert not Appointment.objects.exists()
