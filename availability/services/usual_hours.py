"""Monday to Friday, nine to five: hours for somebody who has none yet."""

from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.hours import DayHours
from availability.models import Schedule
from availability.queries.first_hours import has_hours
from availability.services.save_schedule import ScheduleTerms, create_schedule, save_schedule
from availability.services.schedule_rows import ChangedMeanwhile, NameTaken

_OPENS, _CLOSES = 9 * 60, 17 * 60
USUAL = tuple(DayHours(weekday, _OPENS, _CLOSES) for weekday in range(5))


def take_usual_hours(member: Member, *, name: str) -> None:
    """Where the default schedule has no hours, or there is none. Somebody who has hours keeps them as they are."""
    if has_hours(member):
        return
    empty = Schedule.objects.filter(member=member, is_default=True).select_related("member").first()
    try:
        if empty:
            save_schedule(empty, edition=empty.edition, terms=_terms_of(empty), hours=USUAL)
        else:
            zone = ZoneInfo(str(member.user.time_zone))
            create_schedule(member, terms=ScheduleTerms(name=name, time_zone=zone), hours=USUAL)
    except (ChangedMeanwhile, NameTaken):
        # somebody was quicker: what they saved stands
        return


def _terms_of(schedule: Schedule) -> ScheduleTerms:
    return ScheduleTerms(
        name=schedule.name,
        time_zone=ZoneInfo(str(schedule.time_zone)),
        works_on_holidays=schedule.works_on_holidays,
        day_limit=schedule.day_limit,
        week_limit=schedule.week_limit,
    )
