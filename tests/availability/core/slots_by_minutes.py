"""The slow and obvious answer to what a whole calendar offers: every start is asked every question."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .plain_calendars import Blocked, Booked, Host, Kind, PlainCalendar, dates_around, day_shown, first_minute


class Offer(NamedTuple):
    """A start on offer, the hosts who are free for it, and the seats left if it is a class."""

    start: int
    hosts: tuple[int, ...]
    seats_left: int | None


class HostByMinutes:
    """What one host can take, start by start, for the minutes looked at."""

    def __init__(self, calendar: PlainCalendar, host: Host, looked_at: range) -> None:
        self.calendar, self.host = calendar, host
        reach = range(looked_at.start, looked_at.stop + calendar.duration)
        dates = dates_around(reach, host.zone)
        self.openings, self.replaced = host.openings(dates), host.replaced(dates)
        self.opened = {minute for opening in self.openings for minute in opening}
        self.grid = points_of(self.openings, calendar.interval)
        self.blocked = minutes_of(host.busy)
        self.shut = minutes_of(calendar.closures)

    def wanted(self, start: int) -> range:
        return range(start, start + self.calendar.duration)

    def is_free(self, start: int) -> bool:
        wanted, calendar = self.wanted(start), self.calendar
        return (
            start in self.grid
            and self.opened.issuperset(wanted)
            and self.shut.isdisjoint(wanted)
            and self.blocked.isdisjoint(range(wanted.start - calendar.before, wanted.stop + calendar.after))
            and all(self.keeps_clear(wanted, one) for one in (*self.host.booked, *self.host.held))
            and self.host.stale is None
            and self.has_room(start)
        )

    def keeps_clear(self, wanted: range, one: Booked) -> bool:
        """A4: between two appointments lies the larger of the first's buffer after and the second's before."""
        if one.start == one.end or self.joins(wanted, one):
            return True
        if wanted.stop <= one.start:
            return one.start - wanted.stop >= max(self.calendar.after, one.before)
        if one.end <= wanted.start:
            return wanted.start - one.end >= max(one.after, self.calendar.before)
        return False

    def joins(self, wanted: range, one: Booked) -> bool:
        """T2: whoever books the start of a session takes part in it."""
        return one.is_session and range(one.start, one.end) == wanted

    def has_room(self, start: int) -> bool:
        """A6, T2: who takes a seat in a session begins no further appointment."""
        if start in self.host.seats_taken:
            return self.host.seats_taken[start] < (self.calendar.seats or 0)
        mine, ours, calendar = [one.start for one in self.host.booked], self.calendar.starts, self.calendar
        return not (
            is_full_day(start, mine, self.host.per_day, self.host.zone)
            or is_full_week(start, mine, self.host.per_week, self.host.zone)
            or is_full_day(start, ours, calendar.per_day, calendar.zone)
            or is_full_week(start, ours, calendar.per_week, calendar.zone)
        )


class CalendarByMinutes:
    """What the whole calendar offers."""

    def __init__(self, calendar: PlainCalendar) -> None:
        self.calendar = calendar
        self.looked_at = months_around(calendar) if calendar.kind is Kind.EQUAL else calendar.span
        self.of = {host.key: HostByMinutes(calendar, host, self.looked_at) for host in calendar.hosts}

    def slots(self) -> list[Offer]:
        return [offer for start in self.calendar.span for offer in self._at(start)]

    def _at(self, start: int) -> Iterable[Offer]:
        calendar = self.calendar
        if not calendar.is_open or any(host.is_away for host in calendar.needed):
            return
        if not self.is_in_reach(start) or not self.all_needed_are_free(start):
            return
        if calendar.kind is Kind.COLLECTIVE:
            hosts = [host.key for host in calendar.hosts]
        else:
            hosts = [
                host.key
                for host in calendar.rotating
                if self.of[host.key].is_free(start) and not self.is_too_far_ahead(host, start)
            ]
        if hosts:
            yield Offer(start, tuple(hosts), self._seats_left(start))

    def is_in_reach(self, start: int) -> bool:
        calendar = self.calendar
        return start >= calendar.now + calendar.notice and calendar.first <= start < calendar.latest

    def all_needed_are_free(self, start: int) -> bool:
        return all(self.of[host.key].is_free(start) for host in self.calendar.needed)

    def is_too_far_ahead(self, host: Host, start: int) -> bool:
        """T5: of the least-booked host who has an open candidate in that month, unless the customer names one."""
        calendar = self.calendar
        if calendar.kind is not Kind.EQUAL or calendar.named is not None:
            return False
        month = month_of(start, calendar)
        counts = calendar.counts.get(month, {})
        able = [counts.get(other.key, 0) for other in calendar.rotating if other.key in self._bookable[month]]
        return bool(able) and counts.get(host.key, 0) - min(able) >= calendar.lead_cap

    @cached_property
    def _bookable(self) -> dict[tuple[int, int], set[int]]:
        """By month, the hosts with an open candidate in it."""
        bookable = defaultdict(set)
        for start in self.looked_at:
            for host in self.calendar.rotating:
                if self._could_be_booked(host, start):
                    bookable[month_of(start, self.calendar)].add(host.key)
        return bookable

    def _could_be_booked(self, host: Host, start: int) -> bool:
        """Whether nothing but the lead is in the way."""
        of_host = self.of[host.key]
        return (
            start in of_host.grid
            and self.is_in_reach(start)
            and of_host.is_free(start)
            and self.all_needed_are_free(start)
        )

    def _seats_left(self, start: int) -> int | None:
        seats = self.calendar.seats
        return None if seats is None else seats - self.calendar.hosts[0].seats_taken.get(start, 0)


def minutes_of(stretches: Iterable[Booked | Blocked]) -> set[int]:
    return {minute for one in stretches for minute in range(one.start, one.end)}


def points_of(openings: Iterable[range], interval: int) -> set[int]:
    """The grid of each opening begins where it opens (A5)."""
    return {start for opening in openings for start in opening[::interval]}


def is_full_day(start: int, starts: list[int], most: int | None, zone: ZoneInfo) -> bool:
    day = day_shown(start, zone)
    return most is not None and Counter(day_shown(one, zone) for one in starts)[day] >= most


def is_full_week(start: int, starts: list[int], most: int | None, zone: ZoneInfo) -> bool:
    week = monday_of(start, zone)
    return most is not None and Counter(monday_of(one, zone) for one in starts)[week] >= most


def monday_of(minute: int, zone: ZoneInfo) -> date:
    day = day_shown(minute, zone)
    return day - timedelta(days=day.weekday())


def month_of(minute: int, calendar: PlainCalendar) -> tuple[int, int]:
    day = day_shown(minute, calendar.zone)
    return day.year, day.month


def months_around(calendar: PlainCalendar) -> range:
    """The whole months that the span touches."""
    first, last = (day_shown(minute, calendar.zone) for minute in (calendar.span[0], calendar.span[-1]))
    after = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
    return range(first_minute(first.replace(day=1), calendar.zone), first_minute(after, calendar.zone))
