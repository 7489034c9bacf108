"""Take a schedule away. Calendars that used it use the member's default from then on."""

from django.db import transaction

from availability.models import Schedule
from availability.services.schedule_rows import lock_schedules_of
from availability.services.versions import change_epochs_of_members


class IsDefault(Exception):
    """Calendars fall back on the default schedule, so it stays until another one is the default."""


def delete_schedule(schedule: Schedule) -> None:
    """``IsDefault`` if it is; gone already is fine."""
    with transaction.atomic(durable=True):
        lock_schedules_of(schedule.member)
        if Schedule.objects.filter(pk=schedule.pk, is_default=True).exists():
            raise IsDefault
        Schedule.objects.filter(pk=schedule.pk).delete()
        change_epochs_of_members([schedule.member])
