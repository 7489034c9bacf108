"""A reason of the core, told with what stands behind it: whose hours, which appointment, how large a distance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TypeAlias

from availability.core.explain import Verdict
from availability.core.intervals import Interval
from availability.core.offer import Live
from availability.core.rules import HostTimes, Reason, ReasonCode
from availability.core.slots import SlotRules
from availability.queries.explanation_sources import Booking, Hours, Outside, Person, Sources, Unread


class NotOpen(Enum):
    """How a start lies to the hours of a host: they are not open that day, not then, or begin another grid."""

    THAT_DAY = "that day"
    THEN = "then"
    ON_THIS_GRID = "on this grid"


@dataclass(frozen=True, slots=True)
class Distance:
    """Too near to what is ``of``. ``is_before``: the time before it is kept free, else that after it.

    ``is_booked``: its own buffer decides, as it was when it was booked, and not the calendar's.
    """

    length: timedelta
    is_before: bool
    is_booked: bool
    of: Booking | Outside


Behind: TypeAlias = Booking | Distance | Outside | Unread | Person | NotOpen | date | str | int | None


@dataclass(frozen=True, slots=True)
class Told:
    """One reason. ``host``: at whom it stands, None if it concerns all. ``interval`` as in ``Reason``.

    ``behind`` says with OVERRIDE which date, with HOLIDAY and CLOSED what it is called, with ROUND_ROBIN_LEAD how
    often they were booked in the month, with COLLECTIVE who must be free as well; otherwise its type says it. None
    where the calendar's settings, the host's hours or the clock say all.
    """

    code: ReasonCode
    host: Person | None = None
    interval: Interval | None = None
    behind: Behind = None

    @property
    def hours(self) -> Hours:
        return self.host.hours if self.host else Hours()


@dataclass(frozen=True, slots=True)
class Telling:
    """All that is needed to tell the reasons of one day."""

    times: Mapping[int, HostTimes]
    live: Live
    rules: SlotRules
    day: Interval
    sources: Sources

    def all_of(self, verdict: Verdict) -> Iterator[Told]:
        """The calendar's reasons first, then each host's in team order; a closure, which is everybody's, once."""
        closures = (reason for each in verdict.hosts.values() for reason in each if reason.code is ReasonCode.CLOSED)
        for reason in (*verdict.reasons, *dict.fromkeys(closures)):
            yield self._told(verdict.start, reason, None)
        for key, reasons in verdict.hosts.items():
            yield from (
                self._told(verdict.start, reason, key) for reason in reasons if reason.code is not ReasonCode.CLOSED
            )

    def _told(self, start: int, reason: Reason, key: int | None) -> Told:
        if key is None:
            return Told(reason.code, None, reason.interval, self._of_everybody(reason))
        return Told(reason.code, self.sources.people[key], reason.interval, self._at_a_host(start, reason, key))

    def _of_everybody(self, reason: Reason) -> Behind:
        match reason:
            case Reason(ReasonCode.CLOSED, int(key)):
                return self.sources.closures.get(key, "")
            case Reason(ReasonCode.COLLECTIVE, int(key)):
                return self.sources.people.get(key)
        return None

    def _at_a_host(self, start: int, reason: Reason, key: int) -> Behind:
        behind: Behind = None
        match reason.code:
            case ReasonCode.HOURS:
                behind = self._not_open(start, key)
            case ReasonCode.OVERRIDE if isinstance(reason.source, date):
                behind = reason.source
            case ReasonCode.HOLIDAY:
                behind = str(reason.source)
            case ReasonCode.BOOKED | ReasonCode.HELD | ReasonCode.EVENT | ReasonCode.BLOCKED:
                behind = self.sources.behind(reason.source)
            case ReasonCode.BUFFER if reason.interval:
                behind = self._distance(start, reason, reason.interval, key)
            case ReasonCode.STALE if isinstance(reason.source, int):
                behind = self.sources.unread.get(reason.source, Unread())
            case ReasonCode.ROUND_ROBIN_LEAD:
                behind = self._booked(start, key)
        return behind

    def _not_open(self, start: int, key: int) -> NotOpen:
        windows = self.times[key].windows
        if any(window[0] <= start < window[1] for window in windows):
            return NotOpen.ON_THIS_GRID
        return NotOpen.THEN if any(self.day.overlaps(window) for window in windows) else NotOpen.THAT_DAY

    def _booked(self, start: int, key: int) -> int:
        """How often in the month of ``start``, as equal distribution counts (T5)."""
        return next((month.counts.get(key, 0) for month in self.live.months if start in range(*month.interval)), 0)

    def _distance(self, start: int, reason: Reason, interval: Interval, key: int) -> Distance:
        is_before = start < interval.start
        ours = self.rules.buffer_after if is_before else self.rules.buffer_before
        theirs = self._own_buffer(reason, key, is_before=is_before)
        return Distance(
            length=timedelta(seconds=max(ours, theirs)),
            is_before=is_before,
            is_booked=theirs > ours,
            of=self.sources.behind(reason.source),
        )

    def _own_buffer(self, reason: Reason, key: int, *, is_before: bool) -> int:
        """Of the appointment or hold in the way, as it was booked; busy time has none."""
        for one in (*self.times[key].taken, *self.live.hosts[key].held):
            if one.key == reason.source and (one.start, one.end) == reason.interval:
                return one.buffer_before if is_before else one.buffer_after
        return 0
