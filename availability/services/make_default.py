"""Let another schedule of a member count wherever none is chosen."""

from availability.models import Schedule
from availability.services.retry import durable
from availability.services.schedule_rows import ChangedMeanwhile, lock_schedules_of
from availability.services.versions import change_epochs_of_members


def make_default(schedule: Schedule) -> None:
    """``ChangedMeanwhile`` if it has just been deleted; the default then stays what it was."""

    def make() -> None:
        lock_schedules_of(schedule.member)
        Schedule.objects.filter(member=schedule.member, is_default=True).update(is_default=False)
        if not Schedule.objects.filter(pk=schedule.pk).update(is_default=True):
            raise ChangedMeanwhile
        change_epochs_of_members([schedule.member])

    durable(make)
