"""What is measured, in order. Another part is another line here."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.core.management import call_command

from config.wsgi import application
from tests.bench import booking, core, recomputation, slots_request, sync, sync_latency
from tests.bench.door import Door
from tests.bench.findings import Finding
from tests.bench.site import build, tidy
from tests.bench.timing import Pace

PACE, QUICK_PACE = Pace(rounds=5, seconds=0.4), Pace(rounds=1, seconds=0.1)


def parts(*, is_quick: bool) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    pace = QUICK_PACE if is_quick else PACE
    yield core.PART, lambda: core.measure(pace.rounds, is_quick=is_quick)
    now = datetime.now(UTC)
    call_command("migrate", verbosity=0)
    site, door = build(now=now), Door(application)
    tidy()
    yield slots_request.PART, lambda: slots_request.measure(site, door, pace, is_quick=is_quick)
    yield recomputation.PART, lambda: recomputation.measure(site, pace.rounds, now=now)
    yield booking.PART, lambda: booking.measure(pace.rounds, now=now, is_quick=is_quick)
    yield sync.PART, lambda: sync.measure(pace.rounds, now=now, is_quick=is_quick)
    yield sync_latency.PART, lambda: sync_latency.measure(now=now, is_quick=is_quick)
