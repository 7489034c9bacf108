"""Make a schedule, or change one: its terms and its weekly hours as a whole."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.models import Member
from availability.core.hours import DayHours
from availability.models import Schedule, WeeklyHours
from availability.services.retry import durable
from availability.services.schedule_rows import NameTaken, count_edition, lock_schedules_of, write_hours
from availability.services.versions import change_epochs_of_members


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Everything people say about a schedule besides its hours; a limit of None allows any number."""

    name: str
    time_zone: ZoneInfo
    works_on_holidays: bool = False
    day_limit: int | None = None
    week_limit: int | None = None


def create_schedule(member: Member, *, terms: ScheduleTerms, hours: Collection[DayHours]) -> Schedule:
    """The first one of a member is the default. ``NameTaken``."""

    def create() -> Schedule:
        lock_schedules_of(member)
        is_first = not Schedule.objects.filter(member=member, is_default=True).exists()
        schedule = Schedule(member=member, is_default=is_first, **asdict(terms))
        try:
            with transaction.atomic():
                schedule.save()
        except IntegrityError:
            raise NameTaken from None
        write_hours(schedule, hours)
        if is_first:
            change_epochs_of_members([member])
        return schedule

    return durable(create)


def save_schedule(schedule: Schedule, *, edition: int, terms: ScheduleTerms, hours: Collection[DayHours]) -> None:
    """Its hours become exactly ``hours``. ``ChangedMeanwhile`` unless ``edition`` is the last; ``NameTaken``."""

    def save() -> None:
        count_edition(schedule, edition)
        try:
            with transaction.atomic():
                Schedule.objects.filter(pk=schedule.pk).update(**asdict(terms))
        except IntegrityError:
            raise NameTaken from None
        WeeklyHours.objects.filter(schedule=schedule).delete()
        write_hours(schedule, hours)
        change_epochs_of_members([schedule.member])

    durable(save)
