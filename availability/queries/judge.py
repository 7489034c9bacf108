"""Every reason for and against single starts, from live rows alone: what the transaction and the troubleshooter ask."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Member
from availability.core.explain import Verdict, explain
from availability.core.intervals import Interval, instant
from availability.core.offer import Live
from availability.models import Calendar
from availability.queries.hosts import times_of
from availability.queries.live import read
from availability.queries.settings import rules_of
from availability.queries.slots import counted_with


@dataclass(frozen=True, slots=True)
class Judgement:
    """A start with all its reasons, what they were judged by, and the user behind each member."""

    verdict: Verdict
    live: Live
    users: dict[int, int]

    @property
    def free(self) -> tuple[int, ...]:
        """The members one of whom is enough and who have no reason against them, in team order."""
        return tuple(key for key in self.live.rotating if not self.verdict.hosts[key])


def judge(
    calendar: Calendar,
    starts_at: datetime,
    *,
    now: datetime,
    host: Member | None = None,
    only: Collection[int] | None = None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> Judgement:
    """One start, which may lie anywhere. Three queries. ``starts_at`` is a whole second.

    ``only`` narrows to these members; the others are as if they did not exist. ``hold`` and ``besides`` as in
    ``open_slots``.
    """
    start = instant(starts_at)
    moment_of_it = Interval(start, start + 1)
    counted = moment_of_it if only is not None else counted_with(calendar, moment_of_it, now)
    span = Interval(min(counted.start, start), max(counted.end, start + 1))
    reading = read(calendar, span, now=now, named=host, only=only, hold=hold, besides=besides)
    times = times_of(calendar, span, only=only, hold=hold, besides=besides)
    (verdict,) = explain(times, reading.live, rules_of(calendar), moment_of_it, also=(start,))
    return Judgement(verdict, reading.live, dict(reading.users))
