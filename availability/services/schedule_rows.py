"""What all changes of a schedule share: the lock, the edition that tells the second of two, its rows."""

from collections.abc import Iterable

from django.db.models import F

from accounts.models import Member
from availability.core.hours import DayHours
from availability.models import Schedule, WeeklyHours


class ChangedMeanwhile(Exception):
    """Somebody else saved the schedule, or deleted it, after it was shown; nothing is overwritten."""


class NameTaken(Exception):
    """The member has another schedule of this name."""


def count_edition(schedule: Schedule, edition: int) -> None:
    """Hold the schedule's row and count one more edition; ``ChangedMeanwhile`` unless it still is ``edition``."""
    if not Schedule.objects.filter(pk=schedule.pk, edition=edition).update(edition=F("edition") + 1):
        raise ChangedMeanwhile


def lock_schedules_of(member: Member) -> None:
    """Until the transaction ends nobody else adds, deletes or makes default a schedule of this member."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def write_hours(schedule: Schedule, hours: Iterable[DayHours]) -> None:
    WeeklyHours.objects.bulk_create(
        WeeklyHours(schedule=schedule, weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, opens, closes in hours
    )
