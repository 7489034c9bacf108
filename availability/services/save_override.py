"""Other hours, or none, on single dates instead of the weekly ones; and back to these."""

from collections.abc import Sequence
from datetime import date, timedelta

from availability.core.hours import Opening
from availability.models import DateOverride, Schedule
from availability.services.retry import durable
from availability.services.schedule_rows import count_edition
from availability.services.versions import change_epochs_of_members

Days = tuple[date, date]  # the first and the last, both included
_DAY = timedelta(days=1)


def save_override(
    schedule: Schedule, *, edition: int, days: Days, openings: Sequence[Opening], instead_of: Days | None = None
) -> None:
    """On each of ``days`` exactly ``openings`` open, or nothing. ``instead_of``: dates that had these before.

    ``ChangedMeanwhile`` unless ``edition`` is the last.
    """

    def save() -> None:
        count_edition(schedule, edition)
        for first, last in (days, instead_of or days):
            DateOverride.objects.filter(schedule=schedule, date__gte=first, date__lte=last).delete()
        DateOverride.objects.bulk_create(_rows(schedule, days, openings))
        change_epochs_of_members([schedule.member])

    durable(save)


def remove_override(schedule: Schedule, *, edition: int, days: Days) -> None:
    """The weekly hours count again on these dates. ``ChangedMeanwhile`` unless ``edition`` is the last."""

    def remove() -> None:
        count_edition(schedule, edition)
        DateOverride.objects.filter(schedule=schedule, date__gte=days[0], date__lte=days[1]).delete()
        change_epochs_of_members([schedule.member])

    durable(remove)


def _rows(schedule: Schedule, days: Days, openings: Sequence[Opening]) -> list[DateOverride]:
    first, last = days
    dates = (first + number * _DAY for number in range((last - first).days + 1))
    hours: Sequence[Opening | tuple[None, None]] = openings or [(None, None)]
    return [
        DateOverride(schedule=schedule, date=day, opens_minute=opens, closes_minute=closes)
        for day in dates
        for opens, closes in hours
    ]
