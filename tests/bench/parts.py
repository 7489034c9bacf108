"""What is measured, in order. Another part is another line here."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.core.management import call_command

from config.wsgi import application
from tests.bench import core, recomputation, slots_request
from tests.bench.door import Door
from tests.bench.findings import Finding
from tests.bench.site import build, tidy

ROUNDS, QUICK_ROUNDS = 5, 1


def parts(*, is_quick: bool) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    yield core.PART, lambda: core.measure(rounds, is_quick=is_quick)
    now = datetime.now(UTC)
    call_command("migrate", verbosity=0)
    site, door = build(now=now), Door(application)
    tidy()
    yield slots_request.PART, lambda: slots_request.measure(site, door, rounds, is_quick=is_quick)
    yield recomputation.PART, lambda: recomputation.measure(site, rounds, now=now)
