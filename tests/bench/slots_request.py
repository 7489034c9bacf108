"""What a customer waits for: the slots of W1's month, from stored days and computed on the spot."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.db import connection

from availability.models import StoredDay
from availability.tasks import store_slots_of_calendar
from tests.bench import databases, plain
from tests.bench.door import Door, queries_of
from tests.bench.findings import Finding
from tests.bench.site import Site, grow, tidy
from tests.bench.timing import WAITING, Pace, medians

PART = "slots request"
MOST_ROUND_TRIPS = 5
SIZES = (1, 10, 100)


class AnswersDiffer(AssertionError):
    """Stored and computed slots are not the same."""


def measure(site: Site, door: Door, pace: Pace, *, is_quick: bool) -> Iterator[Finding]:
    def ask() -> bytes:
        return door.get(site.path, site.query)

    computed = ask()
    yield from _computed(ask, door, pace)
    store_slots_of_calendar(site.calendar.pk)
    tidy()
    if ask() != computed:
        raise AnswersDiffer(f"{computed!r} {ask()!r}")
    yield from _stored(ask, door, pace)
    yield from _as_it_grows(site, ask, pace, SIZES[:2] if is_quick else SIZES)


def _stored(ask: Callable[[], bytes], door: Door, pace: Pace) -> Iterator[Finding]:
    jobs = {"ours": ask, "one": partial(door.get, "/plain/one/")}
    times = medians(jobs, pace=pace, clock=WAITING)
    yield Finding(PART, "stored, of one raw query", times["ours"] / times["one"], 2, 1.3, note=_milliseconds(times))
    yield _round_trips("stored", ask, goal=1)


def _computed(ask: Callable[[], bytes], door: Door, pace: Pace) -> Iterator[Finding]:
    plain.QUERIES[:] = queries_of(ask)
    paths = {"same": "/plain/every/", "prepared": "/plain/every/prepared/", "one": "/plain/one/"}
    jobs = {"ours": ask} | {name: partial(door.get, path) for name, path in paths.items()}
    times = medians(jobs, pace=pace, clock=WAITING)
    ratios = {name: times["ours"] / times[name] for name in paths}
    yield Finding(PART, "nothing stored, of the same queries", ratios["same"], 1.5, 1.15, note=_milliseconds(times))
    yield Finding(PART, "nothing stored, of the same queries, prepared", ratios["prepared"], note="as ours are sent")
    yield Finding(PART, "nothing stored, of one raw query", ratios["one"])
    yield _round_trips("nothing stored", ask, goal=3)


def _round_trips(what: str, ask: Callable[[], bytes], *, goal: int) -> Finding:
    return Finding(PART, f"{what}, round trips", len(queries_of(ask)), MOST_ROUND_TRIPS, goal, is_count=True)


def _milliseconds(times: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {seconds * 1000:.2f} ms" for name, seconds in times.items())


def _as_it_grows(site: Site, ask: Callable[[], bytes], pace: Pace, sizes: tuple[int, ...]) -> Iterator[Finding]:
    """The same questions in copies of the database that hold more of everything else."""
    names = {f"times{times}": times for times in sizes}
    home = connection.settings_dict["NAME"]
    for name, times in names.items():
        databases.copy(name)
        databases.move_to(name)
        grow(site, times)
        databases.move_to(home)

    def come_in(name: str) -> None:
        databases.move_to(name)
        for _ in range(5):
            ask()

    for what in ("stored", "nothing stored"):
        found = medians(dict.fromkeys(names, ask), pace=pace, clock=WAITING, before_turn=come_in)
        for name, times in list(names.items())[1:]:
            ratio = found[name] / found["times1"]
            yield Finding(PART, f"{what}, {times} times the appointments", ratio, 1.2, 1.05, note="of once as many")
        for name in names:
            databases.move_to(name)
            StoredDay.objects.all().delete()
            tidy()
    databases.move_to(home)
