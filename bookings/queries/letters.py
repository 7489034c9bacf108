"""The mails about an appointment: what was told to whom, and whether it has left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import OutgoingMail
from bookings.models import Appointment

_TO_HOSTS, _REMINDER = "host_", "reminder_"
_KINDS: Mapping[str, Promise | str] = MappingProxyType(
    {
        "requested": gettext_lazy("The request has arrived"),
        "booked": gettext_lazy("Booked"),
        "confirmed": gettext_lazy("Confirmed"),
        "declined": gettext_lazy("Declined"),
        "expired": gettext_lazy("Expired"),
        "rescheduled": gettext_lazy("Rescheduled"),
        "cancelled": gettext_lazy("Cancelled"),
    }
)


class Sending(Enum):
    """``NEEDLESS``: there was nothing to tell any more when its turn came."""

    SENT = "sent"
    WAITING = "waiting"
    GIVEN_UP = "given up"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True)
class Mail:
    """``at``: when it was sent, given up or found needless; while it waits, when it is tried next."""

    words: str
    recipient: str
    to_host: bool
    sending: Sending
    at: datetime

    @property
    def is_waiting(self) -> bool:
        return self.sending is Sending.WAITING

    @property
    def is_sent(self) -> bool:
        return self.sending is Sending.SENT

    @property
    def is_given_up(self) -> bool:
        return self.sending is Sending.GIVEN_UP


def mails_about(appointment: Appointment) -> tuple[Mail, ...]:
    """In the order they were written; one query."""
    rows = OutgoingMail.objects.filter(subject_uid=appointment.uid, account=appointment.calendar.account_id)
    return tuple(_mail(row) for row in rows.order_by("created_at", "pk"))


def _mail(row: OutgoingMail) -> Mail:
    sending, at = _fate(row)
    kind = row.kind.removeprefix(_TO_HOSTS)
    words = _("Reminder") if kind.startswith(_REMINDER) else str(_KINDS.get(kind, kind))
    return Mail(words, row.recipient, row.kind.startswith(_TO_HOSTS), sending, at)


def _fate(row: OutgoingMail) -> tuple[Sending, datetime]:
    if row.sent_at:
        return Sending.SENT, row.sent_at
    if row.parked_at:
        return Sending.GIVEN_UP, row.parked_at
    if row.dropped_at:
        return Sending.NEEDLESS, row.dropped_at
    return Sending.WAITING, row.due_at
