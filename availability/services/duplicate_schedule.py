"""A second schedule like the first, to be changed from there."""

from itertools import count

from availability.models import DateOverride, Schedule, WeeklyHours
from availability.services.retry import durable
from availability.services.schedule_rows import lock_schedules_of

_LONGEST_NAME = Schedule._meta.get_field("name").max_length or 0


def duplicate_schedule(schedule: Schedule) -> Schedule:
    """With all its hours and overrides, under a name of its own; no calendar uses it yet."""

    def copy() -> Schedule:
        lock_schedules_of(schedule.member)
        twin = Schedule.objects.create(
            member=schedule.member,
            name=_free_name(schedule),
            time_zone=schedule.time_zone,
            works_on_holidays=schedule.works_on_holidays,
            day_limit=schedule.day_limit,
            week_limit=schedule.week_limit,
        )
        WeeklyHours.objects.bulk_create(
            WeeklyHours(
                schedule=twin, weekday=row.weekday, opens_minute=row.opens_minute, closes_minute=row.closes_minute
            )
            for row in schedule.weekly_hours.all()
        )
        DateOverride.objects.bulk_create(
            DateOverride(schedule=twin, date=row.date, opens_minute=row.opens_minute, closes_minute=row.closes_minute)
            for row in schedule.overrides.all()
        )
        return twin

    return durable(copy)


def _free_name(schedule: Schedule) -> str:
    """ "Practice hours (2)" """
    taken = set(Schedule.objects.filter(member=schedule.member).values_list("name", flat=True))
    endings = (f" ({number})" for number in count(2))
    names = (schedule.name[: _LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(name for name in names if name not in taken)
