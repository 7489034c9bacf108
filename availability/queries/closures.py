"""Closures of an account as its page shows them, and what is booked in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Account
from availability.core.whole_days import DayAndTime, end_in_words, start_in_words
from availability.models import Closure, HostTime, HostTimeKind


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """A closure in the account's zone."""

    closure: Closure
    first: DayAndTime
    last: DayAndTime

    @property
    def is_whole_days(self) -> bool:
        return self.first.at is None and self.last.at is None

    @property
    def is_one_day(self) -> bool:
        return self.first.day == self.last.day


@dataclass(frozen=True, slots=True)
class Closures:
    """``coming`` ones, running ones among them, by their start; ``past`` ones the other way round."""

    coming: Sequence[ClosureLine]
    past: Sequence[ClosureLine]


def closures_of(account: Account, *, now: datetime) -> Closures:
    """One query."""
    zone = ZoneInfo(str(account.time_zone))
    lines = [line_of(closure, zone) for closure in Closure.objects.filter(account=account).order_by("starts_at", "pk")]
    return Closures(
        coming=[line for line in lines if line.closure.ends_at > now],
        past=[line for line in reversed(lines) if line.closure.ends_at <= now],
    )


def line_of(closure: Closure, zone: ZoneInfo) -> ClosureLine:
    return ClosureLine(closure, start_in_words(closure.starts_at, zone), end_in_words(closure.ends_at, zone))


def booked_in_closures(account: Account, *, now: datetime) -> QuerySet[HostTime]:
    """Coming host time on the account's calendars that lies in a closure, wholly or in part; without holds."""
    closed = Closure.objects.filter(
        account=account, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    booked = HostTime.objects.filter(Exists(closed), calendar__account=account, ends_at__gt=now)
    return booked.exclude(kind=HostTimeKind.HOLD).select_related("calendar", "user").order_by("starts_at", "pk")
