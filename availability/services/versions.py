"""Versions instead of invalidation: whoever changes what slots depend on says so here, in the same transaction.

Nothing is ever marked clean; a recomputation that is missed costs time, never truth.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from accounts.models import Account, Member
from accounts.services.nudge import nudge
from availability.models import Calendar
from availability.models.calendar import CalendarQuerySet, new_epoch

# nothing is stored further away, so that no version need be kept there
_BACK, _AHEAD = timedelta(days=9), timedelta(days=800)
_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)
_RAISE = """
    INSERT INTO availability_hostday (user_id, day, version)
    SELECT %s, wanted.day, 1 FROM unnest(%s::date[]) AS wanted (day) ORDER BY wanted.day
    ON CONFLICT (user_id, day) DO UPDATE SET version = availability_hostday.version + 1
"""


def raise_versions(user_id: int, stretches: Iterable[tuple[datetime, datetime]], *, now: datetime) -> None:
    """The user's time changed in these stretches ``[start, end)``, buffers included; under the host's lock."""
    days = sorted({day for start, end in stretches for day in _days(start, end, now)})
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [user_id, days])
    nudge("availability.tasks.store_slots_of_host", user_id)


def change_epoch(calendar: Calendar) -> None:
    """Settings or members of the calendar changed."""
    change_epochs(Calendar.objects.filter(pk=calendar.pk))


def change_epochs_of_members(members: Iterable[Member]) -> None:
    """Schedules of these members changed: their calendars offer other slots."""
    change_epochs(Calendar.objects.filter(calendar_members__member__in=list(members)))


def change_epochs_of_account(account: Account) -> None:
    """Closures, public holidays or the zone of the account changed."""
    change_epochs(Calendar.objects.filter(account=account))


def change_epochs(calendars: CalendarQuerySet) -> None:
    """In ascending order, so that two who change the same calendars never wait for each other."""
    for pk in calendars.order_by("pk").values_list("pk", flat=True).distinct():
        Calendar.objects.filter(pk=pk).update(epoch=new_epoch())
        nudge("availability.tasks.store_slots_of_calendar", pk)


def _days(start: datetime, end: datetime, now: datetime) -> Iterable[date]:
    first = max(start, now - _BACK).astimezone(UTC).date()
    last = (min(end, now + _AHEAD) - _INSTANT).astimezone(UTC).date()
    return (first + number * _DAY for number in range((last - first).days + 1))
