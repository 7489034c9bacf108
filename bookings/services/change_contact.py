"""Change what is known of a contact. Appointments keep the name and number they were booked with."""

from django.db import IntegrityError, transaction

from bookings.models import Contact


class AddressTaken(Exception):
    """Another contact of the account has this e-mail address."""


def change_contact(contact: Contact, *, name: str, email: str, phone: str, time_zone: str, locale: str) -> None:
    """Raises AddressTaken; Contact.DoesNotExist where the personal data was deleted meanwhile."""
    known = Contact.objects.filter(pk=contact.pk).exclude(email__endswith=Contact.NOBODY)
    try:
        with transaction.atomic():
            changed = known.update(name=name, email=email, phone=phone, time_zone=time_zone, locale=locale)
    except IntegrityError as error:
        raise AddressTaken from error
    if not changed:
        raise Contact.DoesNotExist
