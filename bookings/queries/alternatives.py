"""What to offer instead of a time that cannot be had."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.intervals import moment
from availability.models import Calendar
from availability.queries.settings import reach_of
from availability.queries.slots import Slot, next_slots, open_slots
from bookings.core.zones import is_doubled
from bookings.queries.offer import Time, as_times

_NEAR = timedelta(weeks=4)
_DAY = timedelta(days=1)
# no clock is put forward or back by more
_CLOCK_CHANGE = timedelta(hours=3)
_SAME_DAY, _OTHER_DAYS, _COLLEAGUES, _SOONEST = 6, 3, 4, 6


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Times like the one wanted, each list soonest first; ``soonest`` only when there is nothing like it."""

    same_day: tuple[Time, ...]
    other_days: tuple[Time, ...]
    colleagues: tuple[tuple[Member, Time], ...]
    soonest: tuple[Time, ...]


def alternatives(
    calendar: Calendar,
    wanted: datetime,
    *,
    zone: ZoneInfo,
    now: datetime,
    host: Member | None,
    colleagues: Collection[Member],
    besides: UUID | None = None,
    without: datetime | None = None,
) -> Alternatives:
    """Free times near ``wanted``, which may lie anywhere, as the reader in ``zone`` sees them.

    With a ``host``, theirs, and the same time with one of the ``colleagues``. ``besides`` and ``without`` as in
    ``offer``.
    """
    near = _within_reach(calendar, wanted, now)
    around = open_slots(calendar, start=near - _DAY, end=near + _NEAR, now=now, besides=besides)
    slots = [slot for slot in around if slot.starts_at != without and _may_be_like(slot, wanted)]
    mine = as_times((slot for slot in slots if host is None or host.pk in slot.hosts), zone)
    local = wanted.astimezone(zone)
    found = Alternatives(
        same_day=_nearest((one for one in mine if one.local.date() == local.date()), wanted),
        other_days=tuple(one for one in mine if one.local.time() == local.time() and one.local.date() > local.date())[
            :_OTHER_DAYS
        ],
        colleagues=_colleagues(slots, wanted, zone, [one for one in colleagues if host and one != host]),
        soonest=(),
    )
    if found.same_day or found.other_days or found.colleagues:
        return found
    soonest = next_slots(calendar, after=now, now=now, count=_SOONEST, host=host, besides=besides)
    return Alternatives((), (), (), as_times((slot for slot in soonest if slot.starts_at != without), zone))


def next_free(
    calendar: Calendar, wanted: datetime, *, now: datetime, count: int, host: Member | None
) -> tuple[Slot, ...]:
    """The next ``count`` slots after ``wanted``; where there are none, the next from now on."""
    near = _within_reach(calendar, wanted, now)
    after = next_slots(calendar, after=near, now=now, count=count, host=host)
    return after or next_slots(calendar, after=now, now=now, count=count, host=host)


def _within_reach(calendar: Calendar, wanted: datetime, now: datetime) -> datetime:
    reach = reach_of(calendar, now)
    return min(max(wanted, now, moment(reach.first)), moment(reach.latest))


def _may_be_like(slot: Slot, wanted: datetime) -> bool:
    """On the same day or at the same time of another one, in any zone: local times are dear where slots are many."""
    apart = slot.starts_at - wanted
    after = apart % _DAY
    return abs(apart) <= _DAY + _CLOCK_CHANGE or min(after, _DAY - after) <= _CLOCK_CHANGE


def _nearest(times: Iterable[Time], wanted: datetime) -> tuple[Time, ...]:
    nearest = sorted(times, key=lambda one: abs(one.slot.starts_at - wanted))[:_SAME_DAY]
    return tuple(sorted(nearest, key=lambda one: one.slot.starts_at))


def _colleagues(
    slots: Iterable[Slot], wanted: datetime, zone: ZoneInfo, others: Collection[Member]
) -> tuple[tuple[Member, Time], ...]:
    local = wanted.astimezone(zone)
    found = [slot for slot in slots if slot.starts_at == wanted]
    return tuple(
        (other, Time(slot, local, is_doubled(local))) for slot in found for other in others if other.pk in slot.hosts
    )[:_COLLEAGUES]
