"""Schedules as their pages show them: whose, how long, used by what, and which appointments lie outside."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Member
from availability.core.hours import DayHours, open_windows
from availability.core.intervals import Interval, Intervals, merge
from availability.core.week_picture import Week, draw_week, week_minutes
from availability.models import Calendar, CalendarMember, HostTime, HostTimeKind, Schedule
from availability.queries.overrides import overrides_between

# a window ends at the latest on the date after it opens
_REACH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A schedule in the list; ``calendars`` are those whose starts it decides, by choice or as the default."""

    schedule: Schedule
    hours: tuple[DayHours, ...]
    calendars: tuple[Calendar, ...]

    @property
    def week(self) -> Week:
        return draw_week(self.hours)

    @property
    def minutes(self) -> int:
        return week_minutes(self.hours)


@dataclass(frozen=True, slots=True)
class MemberLines:
    member: Member
    lines: tuple[ScheduleLine, ...]


@dataclass(frozen=True, slots=True)
class TimeOutside:
    """A coming appointment or session that the hours would not offer; who comes is not known here."""

    starts_at: datetime
    ends_at: datetime
    calendar: str


def members_seen_by(reader: Member) -> Sequence[Member]:
    """Whose schedules the reader may see and change (P2), the reader first; one query."""
    if not reader.manages:
        return [reader]
    members = Member.objects.present().filter(account=reader.account).select_related("account", "user")
    return sorted(members, key=lambda member: (member.pk != reader.pk, str(member.user).casefold(), member.pk))


def schedule_seen_by(reader: Member, pk: int) -> Schedule | None:
    """A schedule the reader may see and change; None for any other."""
    schedules = Schedule.objects.filter(pk=pk, member__account=reader.account, member__left_at__isnull=True)
    if not reader.manages:
        schedules = schedules.filter(member=reader)
    return schedules.select_related("member__account", "member__user").first()


def schedules_of(members: Collection[Member]) -> Sequence[MemberLines]:
    """The schedules of each member, the default first; three queries."""
    schedules = Schedule.objects.filter(member__in=members).prefetch_related("weekly_hours")
    by_member: dict[int, list[Schedule]] = defaultdict(list)
    for schedule in schedules.order_by("member", "-is_default", "name"):
        by_member[schedule.member_id].append(schedule)
    chosen, by_default = _calendars_of(members)
    return [
        MemberLines(
            member,
            tuple(
                ScheduleLine(
                    schedule,
                    hours_of(schedule),
                    (*chosen[schedule.pk], *(by_default[member.pk] if schedule.is_default else ())),
                )
                for schedule in by_member[member.pk]
            ),
        )
        for member in members
    ]


def hours_of(schedule: Schedule) -> tuple[DayHours, ...]:
    return tuple(DayHours(row.weekday, row.opens_minute, row.closes_minute) for row in schedule.weekly_hours.all())


def calendars_of(schedule: Schedule) -> Sequence[Calendar]:
    """The calendars on which these hours count for the member."""
    return [place.calendar for place in _places(schedule).select_related("calendar").order_by("calendar__name")]


def default_of(member: Member) -> Schedule | None:
    return Schedule.objects.filter(member=member, is_default=True).first()


def times_outside(
    schedule: Schedule, *, hours: Iterable[DayHours], zone: ZoneInfo, now: datetime
) -> Sequence[TimeOutside]:
    """Coming host time, on the calendars that use the schedule, that ``hours`` in ``zone`` would not hold.

    Holds are left out: they pass by themselves. Two queries.
    """
    coming = HostTime.objects.filter(user=schedule.member.user_id, ends_at__gt=now)
    coming = coming.filter(calendar__in=_places(schedule).values("calendar")).exclude(kind=HostTimeKind.HOLD)
    rows = coming.order_by("starts_at").values_list("starts_at", "ends_at", "calendar__name")
    found = [TimeOutside(*row) for row in rows]
    if not found:
        return []
    first = found[0].starts_at.astimezone(zone).date() - _REACH
    last = found[-1].starts_at.astimezone(zone).date() + _REACH
    overrides = overrides_between(schedule, first, last)
    windows = merge(open_windows(hours, zone, first, last, overrides))
    return [one for one in found if not _lies_in(windows, Interval.between(one.starts_at, one.ends_at))]


def _calendars_of(members: Collection[Member]) -> tuple[dict[int, list[Calendar]], dict[int, list[Calendar]]]:
    """Which calendars chose a schedule, by schedule, and which take the default, by member; one query."""
    chosen: dict[int, list[Calendar]] = defaultdict(list)
    by_default: dict[int, list[Calendar]] = defaultdict(list)
    places = CalendarMember.objects.filter(member__in=members).select_related("calendar")
    for place in places.order_by("calendar__name", "pk"):
        if place.schedule_id is None:
            by_default[place.member_id].append(place.calendar)
        else:
            chosen[place.schedule_id].append(place.calendar)
    return chosen, by_default


def _places(schedule: Schedule) -> QuerySet[CalendarMember]:
    counts = Q(schedule=schedule) | Q(schedule=None) if schedule.is_default else Q(schedule=schedule)
    return CalendarMember.objects.filter(counts, member=schedule.member_id)


def _lies_in(windows: Intervals, time: Interval) -> bool:
    position = bisect_right(windows, time.start, key=lambda window: window.end)
    return position < len(windows) and windows[position].covers(time)
