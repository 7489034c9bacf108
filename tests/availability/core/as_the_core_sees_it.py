"""A plain calendar as the core takes it: schedules become windows, rows become values, minutes become seconds."""

from dataclasses import dataclass

from availability.core.clock import Limits, Reach, full, months_of
from availability.core.explain import Verdict, explain
from availability.core.hours import DayHours, Opening, WeekHours, plan
from availability.core.intervals import Interval
from availability.core.offer import JOINT, Gathering, HostLive, Live, Month, OpenStart, offered
from availability.core.rules import HostTimes
from availability.core.slots import Busy, Closed, SlotRules, Taken

from .plain_calendars import Blocked, Booked, Host, Kind, PlainCalendar, day_shown
from .wall_clocks import DAY


@dataclass(frozen=True, kw_only=True)
class CoreCalendar:
    """All that the two folds are given. ``reach``: the span and, in equal distribution, the whole months it touches."""

    calendar: PlainCalendar
    live: Live
    rules: SlotRules
    span: Interval
    reach: Interval

    def offered(self) -> tuple[OpenStart, ...]:
        """From starts per host, each UTC day by itself as they are stored."""
        return offered(self.starts_by_host(), self.live, self.rules, self.span)

    def offered_from_common_starts(self) -> tuple[OpenStart, ...]:
        """From the starts that those who must be free have in common, and each other host's."""
        starts = self.starts_by_host()
        needed = [set(starts.pop(key)) for key in self.live.needed]
        if needed:
            starts[JOINT] = sorted(set.intersection(*needed))
        return offered(starts, self.live, self.rules, self.span)

    def explain(self, also: tuple[int, ...] = ()) -> tuple[Verdict, ...]:
        times = {host.key: times_of(host, self.calendar, self.rules, self.reach) for host in self.calendar.hosts}
        return explain(times, self.live, self.rules, self.span, also=also)

    def starts_by_host(self) -> dict[int, list[int]]:
        return {
            host.key: [
                start
                for day in utc_days(self.reach)
                for start in times_of(host, self.calendar, self.rules, day).open_starts(self.rules, day)
            ]
            for host in self.calendar.hosts
        }


def as_the_core_sees_it(calendar: PlainCalendar) -> CoreCalendar:
    span = Interval(calendar.span.start * 60, calendar.span.stop * 60)
    months = months_of(span, calendar.zone) if calendar.kind is Kind.EQUAL else ()
    return CoreCalendar(
        calendar=calendar,
        live=live_of(calendar, months),
        rules=SlotRules(
            duration=calendar.duration * 60,
            interval=calendar.interval * 60,
            buffer_before=calendar.before * 60,
            buffer_after=calendar.after * 60,
        ),
        span=span,
        reach=Interval(months[0].start, months[-1].end) if months else span,
    )


def live_of(calendar: PlainCalendar, months: tuple[Interval, ...]) -> Live:
    return Live(
        reach=Reach(
            now=calendar.now * 60,
            earliest=(calendar.now + calendar.notice) * 60,
            first=calendar.first * 60,
            latest=calendar.latest * 60,
        ),
        hosts={host.key: host_live_of(host, calendar) for host in calendar.hosts},
        gathering=Gathering.ALL if calendar.kind is Kind.COLLECTIVE else Gathering.ANY,
        is_open=calendar.is_open,
        full=full(
            [start * 60 for start in calendar.starts], Limits(calendar.per_day, calendar.per_week), calendar.zone
        ),
        months=tuple(Month(month, counts_in(month, calendar)) for month in months),
        lead_cap=calendar.lead_cap,
        named=calendar.named,
        seats=calendar.seats,
    )


def host_live_of(host: Host, calendar: PlainCalendar) -> HostLive:
    return HostLive(
        held=tuple(map(taken, host.held)),
        stale=host.stale,
        full=full([one.start * 60 for one in host.booked], Limits(host.per_day, host.per_week), host.zone),
        seats_left={start * 60: (calendar.seats or 0) - number for start, number in host.seats_taken.items()},
        is_needed=host.is_fixed,
        is_away=host.is_away,
    )


def counts_in(month: Interval, calendar: PlainCalendar) -> dict[int, int]:
    middle = day_shown((month.start + month.end) // 120, calendar.zone)
    return dict(calendar.counts.get((middle.year, middle.month), {}))


def times_of(host: Host, calendar: PlainCalendar, rules: SlotRules, span: Interval) -> HostTimes:
    opens = plan(hours_of(host), span, rules.duration)
    return HostTimes(
        windows=opens.windows,
        shut=opens.shut,
        taken=tuple(map(taken, host.booked)),
        busy=tuple(Busy(one.start * 60, one.end * 60, one.key, one.own) for one in host.busy),
        closed=tuple(map(closed, calendar.closures)),
    )


def hours_of(host: Host) -> WeekHours:
    weekly = [DayHours(weekday, *shift) for weekday, shifts in host.weekly.items() for shift in shifts]
    overrides = [(day, tuple(Opening(*shift) for shift in shifts)) for day, shifts in host.overrides.items()]
    return WeekHours(tuple(weekly), host.zone, tuple(overrides), tuple(host.holidays.items()))


def taken(one: Booked) -> Taken:
    return Taken(one.start * 60, one.end * 60, one.before * 60, one.after * 60, one.key, one.is_session)


def closed(one: Blocked) -> Closed:
    return Closed(one.start * 60, one.end * 60, one.key)


def utc_days(span: Interval) -> list[Interval]:
    seconds = DAY * 60
    midnights = range(span.start // seconds * seconds, span.end, seconds)
    return [Interval(max(span.start, start), min(span.end, start + seconds)) for start in midnights]
