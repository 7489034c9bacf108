from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import OutgoingMail
from availability.models import PlaceKind
from bookings.models import Appointment, AppointmentChange, Contact
from bookings.queries.wanted import wanted_item
from bookings.services.book import book_appointment
from bookings.services.cancel import cancel_appointment
from bookings.services.forget_contact import StillComing, forget_contact
from bookings.services.history import OPERATOR
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW

LATER = NOW + timedelta(days=1)
TALKATIVE = replace(
    ADA, phone="+49 170 5512", note="My knee hurts", answers=(("Which knee?", "Left"),), place="Ada’s flat"
)
TRACES = ("Ada", "Lovelace", "ada@example.org", "5512", "knee", "Left", "flat", "I am ill")


def everything():
    rows = [
        *Contact.objects.values(),
        *Appointment.objects.values(),
        *AppointmentChange.objects.values(),
        *OutgoingMail.objects.values(),
    ]
    return str(rows)


@pytest.fixture
def asked(place):
    place.calendar.place_kind, place.calendar.place = PlaceKind.ASK, ""
    place.calendar.save()
    return place


def test_nothing_of_the_person_is_left_and_the_numbers_stay(asked):
    appointment = book_appointment(asked.calendar, starts_at=TEN, customer=TALKATIVE, now=NOW)
    off = book_appointment(asked.calendar, starts_at=ELEVEN, customer=TALKATIVE, now=NOW)
    cancel_appointment(off, now=NOW, by=OPERATOR, reason="I am ill")

    forget_contact(appointment.contact, now=LATER)

    assert [trace for trace in TRACES if trace in everything()] == []
    assert sorted(Appointment.objects.values_list("starts_at", flat=True)) == [TEN, ELEVEN]
    assert Appointment.objects.get(pk=appointment.pk).customer_name == "Deleted customer"


def test_a_place_of_ours_stays(appointment):
    forget_contact(appointment.contact, now=LATER)

    assert Appointment.objects.get().place == AppointmentChange.objects.get().place == "Obertrave 14"


def test_the_copies_outside_are_written_anew_without_the_name(appointment, news):
    forget_contact(appointment.contact, now=LATER)

    assert news == [(appointment.uid, LATER)]
    wanted = wanted_item(appointment.uid)
    assert "Ada" not in f"{wanted.title}{wanted.description}"


def test_mail_to_hosts_still_leaves_and_mail_to_the_customer_does_not(appointment):
    forget_contact(appointment.contact, now=LATER)

    to_customer = OutgoingMail.objects.get(kind="booked")
    to_host = OutgoingMail.objects.get(kind="host_booked")
    assert (to_customer.dropped_at, to_customer.recipient) == (LATER, f"removed-{to_customer.pk}@invalid")
    assert (to_host.dropped_at, to_host.recipient) == (None, appointment.host.user.email)


def test_mail_of_others_is_left_alone(appointment, place):
    other = replace(ADA, email="bob@example.org")
    book_appointment(place.calendar, starts_at=ELEVEN, customer=other, now=NOW)

    forget_contact(appointment.contact, now=LATER)

    assert OutgoingMail.objects.waiting().filter(recipient="bob@example.org").exists()


@pytest.mark.parametrize("now", [NOW, TEN])
def test_who_is_still_to_come_is_not_forgotten(appointment, news, now):
    with pytest.raises(StillComing):
        forget_contact(appointment.contact, now=now)

    assert Contact.objects.get().email == "ada@example.org"
    assert news == []


def test_a_cancelled_appointment_keeps_nobody(appointment):
    cancel_appointment(appointment, now=NOW, by=OPERATOR)

    forget_contact(appointment.contact, now=NOW)

    assert Contact.objects.get().is_forgotten


def test_two_can_be_forgotten_and_the_same_person_starts_anew(appointment, place):
    forget_contact(appointment.contact, now=LATER)
    again = book_appointment(place.calendar, starts_at=TEN + timedelta(days=2), customer=ADA, now=LATER)
    assert again.contact_id != appointment.contact_id

    forget_contact(again.contact, now=LATER + timedelta(days=7))
    forget_contact(again.contact, now=LATER + timedelta(days=7))

    assert len(set(Contact.objects.values_list("email", flat=True))) == 2
