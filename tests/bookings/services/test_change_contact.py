from dataclasses import replace

import pytest

from bookings.models import Appointment, Contact
from bookings.services.book import book_appointment
from bookings.services.change_contact import AddressTaken, change_contact
from bookings.services.forget_contact import forget_contact
from tests.bookings.situations import ADA, ELEVEN
from tests.factories import NOW, ContactFactory

KNOWN = {"name": "Ada King", "email": "king@example.org", "phone": "1", "time_zone": "Asia/Tokyo", "locale": "de"}


def test_appointments_keep_what_was_given_with_them(appointment):
    change_contact(appointment.contact, **KNOWN)

    assert Appointment.objects.get().customer_name == "Ada Lovelace"


def test_whoever_books_with_the_new_address_is_the_same_contact(appointment, place):
    change_contact(appointment.contact, **KNOWN)
    again = replace(ADA, email="King@example.org")

    assert book_appointment(place.calendar, starts_at=ELEVEN, customer=again, now=NOW).contact == appointment.contact


def test_an_address_belongs_to_one_contact_of_an_account(db):
    known = ContactFactory(email="ada@example.org")
    ContactFactory(account=known.account, email="king@example.org")

    with pytest.raises(AddressTaken):
        change_contact(known, **KNOWN | {"email": "KING@example.org"})

    assert Contact.objects.get(pk=known.pk).name == "Ada Lovelace"


def test_the_same_address_in_another_account_is_somebody_else(db):
    known = ContactFactory()
    ContactFactory(email="king@example.org")

    change_contact(known, **KNOWN)

    assert Contact.objects.get(pk=known.pk).email == "king@example.org"


def test_whose_data_was_deleted_gets_none_again(db):
    known = ContactFactory()
    forget_contact(Contact.objects.get(pk=known.pk), now=NOW)

    with pytest.raises(Contact.DoesNotExist):
        change_contact(known, **KNOWN)
