"""Delete the personal data of a contact: that somebody was there stays, and who it was does not."""

from datetime import datetime

from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services.forget_recipient import forget_recipients
from availability.models import PlaceKind
from availability.services.retry import durable
from bookings.models import Appointment, AppointmentChange, Contact
from bookings.models.appointment import AppointmentQuerySet
from bookings.queries.contacts import standing
from bookings.signals import item_changed

# where the place is the customer's own
_THEIRS = (PlaceKind.ASK, PlaceKind.WE_CALL)
_TO_HOSTS = Q(kind__startswith="host_")


class StillComing(Exception):
    """An appointment is still to come, and nobody could be told about it."""


def forget_contact(contact: Contact, *, now: datetime) -> None:
    """The copies in connected calendars are written anew. Raises StillComing; done again it changes nothing."""
    durable(lambda: _forget(contact, now))
    contact.refresh_from_db()


def _forget(contact: Contact, now: datetime) -> None:
    # whoever books for this contact meanwhile either is seen below or waits
    kept = Contact.objects.select_for_update(of=("self",)).select_related("account").get(pk=contact.pk)
    booked = Appointment.objects.filter(contact=kept)
    if standing(booked, now).filter(ends_at__gt=now).exists():
        raise StillComing
    with translation.override(kept.account.locale):
        name = _("Deleted customer")
    _clear(booked, name)
    forget_recipients(list(booked.values_list("uid", flat=True)), but=_TO_HOSTS, now=now)
    kept.name, kept.email, kept.phone = name, f"removed-{kept.pk}{Contact.NOBODY}", ""
    kept.save(update_fields=("name", "email", "phone"))
    for uid in dict.fromkeys(one.session_uid or one.uid for one in booked.active()):
        item_changed.send(Appointment, uid=uid, now=now)


def _clear(booked: AppointmentQuerySet, name: str) -> None:
    changes = AppointmentChange.objects.filter(appointment__in=booked)
    changes.update(reason="")
    changes.exclude(_at_ours("appointment__calendar__")).update(place="")
    booked.exclude(_at_ours("calendar__")).update(place="")
    booked.update(customer_name=name, customer_phone="", note="", answers=[])


def _at_ours(calendar: str) -> Q:
    """It took place where the calendar says, which tells nothing of the customer."""
    return Q(place=F(f"{calendar}place")) & ~Q((f"{calendar}place_kind__in", _THEIRS))
