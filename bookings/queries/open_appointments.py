"""What a customer still has before them."""

from datetime import datetime

from django.db.models.functions import Lower

from accounts.models import Account
from bookings.models import Appointment


def open_appointments(account: Account, *, email: str, now: datetime) -> int:
    """How many appointments of this address with the account are asked for or confirmed, and not over."""
    coming = Appointment.objects.active().filter(contact__account=account, ends_at__gt=now)
    return coming.alias(spelled=Lower("contact__email")).filter(spelled=email.strip().lower()).count()
