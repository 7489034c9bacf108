"""Periodic work of a minute or more: rows of django-q2's scheduler, made when the workers start."""

from typing import NamedTuple

from django.utils.translation import gettext_noop
from django_q.models import Schedule


class _Periodic(NamedTuple):
    name: str
    func: str
    minutes: int
    args: str = ""


_PERIODIC = (
    _Periodic(gettext_noop("Store slots ahead, give back what was held too long"), "availability.tasks.sweep", 1),
    _Periodic(gettext_noop("Roll stored slots forward"), "availability.tasks.roll_forward", 24 * 60),
    _Periodic(gettext_noop("Expand recurring events anew"), "integrations.tasks.expand_due", 60),
    _Periodic(gettext_noop("Tell of broken connections, close settled questions"), "integrations.tasks.tell_broken", 5),
    _Periodic(
        gettext_noop("Let connections that are switched off stop blocking on their day"),
        "integrations.tasks.stop_blocking",
        5,
    ),
    _Periodic(gettext_noop("Forget old journal entries"), "integrations.tasks.forget_journal", 24 * 60),
    _Periodic(gettext_noop("Let requests expire that nobody answered"), "bookings.tasks.expire_requests", 1),
    _Periodic(gettext_noop("Remind of appointments"), "bookings.tasks.remind", 1),
    _Periodic(gettext_noop("Forget idempotency keys after a day"), "bookings.tasks.forget_keys", 24 * 60),
    _Periodic(gettext_noop("Forget holds that ran out"), "bookings.tasks.forget_holds", 60),
    _Periodic(gettext_noop("Forget counts of public limits that ended"), "accounts.tasks.forget_tallies", 60),
    _Periodic(gettext_noop("Forget ended sessions"), "django.core.management.call_command", 24 * 60, "'clearsessions'"),
)


def make_schedules() -> None:
    """Each schedule is there once, with what it runs; when it runs next is left as it is."""
    for periodic in _PERIODIC:
        wanted = {
            "func": periodic.func,
            "args": periodic.args,
            "schedule_type": Schedule.MINUTES,
            "minutes": periodic.minutes,
            "repeats": -1,
        }
        Schedule.objects.update_or_create(name=periodic.name, defaults=wanted)
