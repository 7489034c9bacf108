"""Work of the queue. Each task may be lost or doubled without harm."""

from django.utils import timezone

from bookings.services import answer_request
from bookings.services.forget_keys import forget_old_keys
from bookings.services.hold import forget_old_holds
from bookings.services.remind import queue_reminders


def forget_keys() -> int:
    """Daily or oftener; how many idempotency keys were deleted."""
    return forget_old_keys(now=timezone.now())


def expire_requests() -> int:
    """Every minute; how many requests nobody answered in time."""
    return answer_request.expire_requests(now=timezone.now())


def forget_holds() -> int:
    """Hourly or oftener; how many holds that ran out were deleted."""
    return forget_old_holds()


def remind() -> int:
    """Every minute; how many reminders were put among the outgoing mails."""
    return queue_reminders(now=timezone.now())
