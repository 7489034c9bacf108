"""Take a schedule away. Calendars that used it use the member's default from then on."""

from availability.models import Schedule
from availability.services.retry import durable
from availability.services.schedule_rows import lock_schedules_of
from availability.services.versions import change_epochs_of_members


class IsDefault(Exception):
    """Calendars fall back on the default schedule, so it stays until another one is the default."""


def delete_schedule(schedule: Schedule) -> None:
    """``IsDefault`` if it is; gone already is fine."""

    def delete() -> None:
        lock_schedules_of(schedule.member)
        # whoever chooses it for a calendar just now holds a share: waited for, then their row is seen
        for locked in Schedule.objects.select_for_update().filter(pk=schedule.pk):
            if locked.is_default:
                raise IsDefault
            locked.delete()
        change_epochs_of_members([schedule.member])

    durable(delete)
