"""Who may book, change or look something up just now: the public limits of RATE_LIMITS. Staff are not asked.

Asked once the form is in order, before anything is weighed or locked, and never inside a transaction.
"""

from datetime import datetime

from accounts.services.limits import TooMany, Use, most_at_once, refuse_spent, spend
from availability.models import Calendar
from bookings.models import Appointment, IdempotencyKey
from bookings.queries.open_appointments import open_appointments

__all__ = ["TooMany", "admit_booking", "admit_change", "admit_look", "note_wrong_guess"]

# as long as it takes until something of five may be over: told to everybody alike
_FULL_SECONDS = 3600


def admit_booking(calendar: Calendar, *, email: str, address: str, now: datetime, key: str = "") -> None:
    """Count a booking against its limits, or raise TooMany: then nothing was counted.

    ``address``: of `accounts.queries.address_of`. ``key``: the idempotency key; whatever comes again with it for the
    same customer can only lead to the same appointment, and is neither refused nor counted.
    """
    most = most_at_once("open-per-customer")
    if most is not None and open_appointments(calendar.account, email=email, now=now) >= most:
        # looked up after the count: a repeat finds its own appointment among them, and its key then as well
        if not _has_booked(calendar, key):
            raise TooMany(_FULL_SECONDS)
        return
    spend(
        Use("book-address", address),
        Use("book-email", mailbox(email)),
        Use("book-account", str(calendar.account_id)),
        once=f"{calendar.pk}\n{key}\n{mailbox(email)}" if key else "",
    )


def admit_change(appointment: Appointment) -> None:
    """Count a change by the customer, which sends mail, or raise TooMany."""
    spend(Use("change-appointment", appointment.uid.hex), Use("change-email", mailbox(appointment.contact.email)))


def admit_look(address: str) -> None:
    """Raises TooMany for an address that has tried too many made-up manage links."""
    refuse_spent(Use("manage-guess", address))


def note_wrong_guess(address: str) -> None:
    """A manage link that opens nothing was tried. Raises TooMany if it was one too many."""
    spend(Use("manage-guess", address))


def mailbox(email: str) -> str:
    """One spelling for all that reaches one person: lower case, and without what stands after a plus."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _has_booked(calendar: Calendar, key: str) -> bool:
    return bool(key) and IdempotencyKey.objects.filter(calendar=calendar, key=key).exists()
