"""What workers do after a booking, beside what they do for the whole date range of a calendar."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median
from uuid import uuid4

from django.db import transaction

from availability.models import HostTime, HostTimeKind, StoredDay
from availability.services.store import store_slots
from availability.services.versions import raise_versions
from tests.bench.findings import Finding
from tests.bench.site import Site

PART = "recomputation"
# its own day, and the one whose last starts run on into it
DAYS_THAT_A_BOOKING_REACHES = 2
_TURNS_A_ROUND = 5


def measure(site: Site, rounds: int, *, now: datetime) -> Iterator[Finding]:
    ways: dict[str, Callable[[int], None]] = {
        "everything": lambda turn: _forget(),
        "one booking": lambda turn: _book(site, turn, now),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    days: dict[str, int] = dict.fromkeys(ways, 0)
    for turn in range(rounds * _TURNS_A_ROUND):
        for name, change in ways.items():
            change(turn)
            begun = time.perf_counter()
            days[name] = store_slots(site.calendar, now=now)
            seconds[name].append(time.perf_counter() - begun)
    took = {name: median(times) for name, times in seconds.items()}
    full, after_one = took["everything"], took["one booking"]
    reached = days["one booking"]
    note = f"{after_one * 1000 / reached:.1f} ms a day; all {days['everything']} days {full * 1000:.1f} ms"
    yield Finding(PART, "after one booking, of the whole date range", after_one / full, note=note)
    yield Finding(PART, "days after one booking", reached, DAYS_THAT_A_BOOKING_REACHES, is_count=True)


def _forget() -> None:
    StoredDay.objects.all().delete()


def _book(site: Site, turn: int, now: datetime) -> None:
    """At noon of one of the coming days."""
    start = site.first + timedelta(days=turn % 28, hours=12)
    end = start + site.calendar.duration
    with transaction.atomic():
        HostTime.objects.create(
            user=site.host.user,
            calendar=site.calendar,
            uid=uuid4(),
            kind=HostTimeKind.APPOINTMENT,
            starts_at=start,
            ends_at=end,
            exclusive=False,
        )
        raise_versions(site.host.user_id, [(start, end)], now=now)
