"""What a customer waits for: the slots of W1's month, from stored days and computed on the spot."""

from collections.abc import Callable, Iterator

from django.db import connection

from availability.models import StoredDay
from availability.tasks import store_slots_of_calendar
from tests.bench import databases, plain
from tests.bench.door import Door, queries_of
from tests.bench.findings import Finding
from tests.bench.site import Site, grow, tidy
from tests.bench.timing import WAITING, medians

PART = "slots request"
MOST_ROUND_TRIPS = 5
SIZES = (1, 10, 100)


class AnswersDiffer(AssertionError):
    """Stored and computed slots are not the same."""


def measure(site: Site, door: Door, rounds: int, *, is_quick: bool) -> Iterator[Finding]:
    def ask() -> bytes:
        return door.get(site.path, site.query)

    computed = ask()
    yield from _against_plain_views("nothing stored", ask, door, rounds, must=1.5, goal=1.15, trips=3)
    store_slots_of_calendar(site.calendar.pk)
    tidy()
    if ask() != computed:
        raise AnswersDiffer(f"{computed!r} {ask()!r}")
    yield from _against_plain_views("stored", ask, door, rounds, must=2, goal=1.3, trips=1)
    yield from _as_it_grows(site, ask, rounds, SIZES[:2] if is_quick else SIZES)


def _against_plain_views(
    what: str, ask: Callable[[], bytes], door: Door, rounds: int, *, must: float, goal: float, trips: int
) -> Iterator[Finding]:
    plain.QUERIES[:] = queries_of(ask)
    queries = len(plain.QUERIES)
    one, every = (lambda: door.get("/plain/one/")), (lambda: door.get("/plain/every/"))
    times = medians({"ours": ask, "one": one, "every": every}, rounds=rounds, seconds=0.4, clock=WAITING)
    with_one, with_all = times["ours"] / times["one"], times["ours"] / times["every"]
    ms = f"{times['ours'] * 1000:.2f} ms here"
    stored = what == "stored"
    yield Finding(PART, f"{what}, of one raw query", with_one, *((must, goal) if stored else (None, None)), note=ms)
    yield Finding(PART, f"{what}, of the same queries", with_all, *((None, None) if stored else (must, goal)), note=ms)
    yield Finding(PART, f"{what}, round trips", queries, MOST_ROUND_TRIPS, trips, is_count=True)


def _as_it_grows(site: Site, ask: Callable[[], bytes], rounds: int, sizes: tuple[int, ...]) -> Iterator[Finding]:
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
        found = medians(dict.fromkeys(names, ask), rounds=rounds, seconds=0.4, clock=WAITING, before_turn=come_in)
        for name, times in list(names.items())[1:]:
            ratio = found[name] / found["times1"]
            yield Finding(PART, f"{what}, {times} times the appointments", ratio, 1.2, 1.05, note="of once as many")
        for name in names:
            databases.move_to(name)
            StoredDay.objects.all().delete()
            tidy()
    databases.move_to(home)
