"""Reading calendars: the first time, after ten changes, and what a look costs; beside a reader that reads nothing."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.bench.findings import Finding
from tests.bench.sync_places import PASSWORD, FaultServer, Place, fault_server, on_radicale
from tests.bench.sync_raw import RawReader
from tests.bench.sync_vdirsyncer import Vdirsyncer

PART = "sync"
MUST_FIRST, MUST_AGAIN, MUST_GROWTH, MUST_MEGABYTES = 3, 1.5, 1.2, 150
CHANGES = 10
LOOKS = 10
_GROWN = ("requests", "bytes", "cpu", "statements")


class Sizes(NamedTuple):
    radicale: int
    small: int
    middle: int
    large: int


FULL, QUICK = Sizes(2_000, 1_000, 10_000, 50_000), Sizes(20, 50, 100, 200)


def measure(rounds: int, *, now: datetime, is_quick: bool) -> Iterator[Finding]:
    sizes = QUICK if is_quick else FULL
    with TemporaryDirectory(prefix="holdfast-sync-") as name, ExitStack() as stack:
        folder = Path(name)
        ours = stack.enter_context(Reader())
        radicale = stack.enter_context(on_radicale(folder, sizes.radicale, now=now))
        with _raw(radicale) as raw:
            raw.read()
        yield from _first(radicale, ours, folder, rounds=min(rounds, 3))
        server = stack.enter_context(fault_server(folder, sizes[1:]))
        yield from _first(server.places[sizes.middle, 0], ours, folder, rounds=min(rounds, 3), must=None)
        yield from _first(server.places[sizes.middle, 1], ours, folder, rounds=min(rounds, 2), beside_others=False)
        yield from _first(server.places[sizes.large, 0], ours, folder, rounds=1, must=None, most=MUST_MEGABYTES)
        yield from _again(server, sizes.middle, ours)
        yield from _costs(server, sizes, ours)


class Reader:
    """Our reader, in its process."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.bench.sync_reader"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, env=os.environ, text=True, **pipes)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def look(self, place: Place, *, connection: int | None = None) -> Mapping[str, Any]:
        """At a connection made for it, or at one made before. What it took stands in sync_reader."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        login = {"server": place.server, "username": place.username, "password": PASSWORD}
        order = {**login, "key": place.calendar.rstrip("/"), "connection": connection}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told: Mapping[str, Any] = json.loads(self._process.stdout.readline())
        return told


def _first(
    place: Place,
    ours: Reader,
    folder: Path,
    *,
    rounds: int,
    must: float | None = MUST_FIRST,
    beside_others: bool = True,
    most: float | None = None,
) -> Iterator[Finding]:
    """From the claim to stored busy times, in turns with the others. Without ``must`` it is only a goal."""
    took: dict[str, list[float]] = {"raw": [], "ours": [], "vdirsyncer": []}
    megabytes = 0.0
    told: Mapping[str, Any] = {}
    for number in range(rounds):
        with _raw(place) as raw:
            took["raw"].append(_seconds(raw.read))
        told = ours.look(place)
        took["ours"].append(told["seconds"])
        megabytes = max(megabytes, told["megabytes"])
        if beside_others:
            took["vdirsyncer"].append(_by_vdirsyncer(place, folder / f"{place.name} {place.size} {number}"))
    if told["events"] != place.size:
        raise RuntimeError(f"{told['events']} of {place.size} events were read")
    seconds = {who: median(times) for who, times in took.items() if times}
    what = f"first read, {place.size:,} events, {place.name}"
    note = ", ".join(f"{who} {each:.2f} s" for who, each in seconds.items())
    note += f"; {told['busy_times']} busy times, CPU {told['cpu']:.2f} s"
    yield Finding(PART, f"{what}, of raw", seconds["ours"] / seconds["raw"], must, MUST_FIRST, note=note)
    if beside_others:
        yield Finding(PART, f"{what}, of vdirsyncer", seconds["ours"] / seconds["vdirsyncer"], 1, 1)
    if most is not None:
        yield Finding(PART, f"{what}, MB above idle", round(megabytes), most, most, is_count=True)


def _again(server: FaultServer, size: int, ours: Reader) -> Iterator[Finding]:
    for is_slow in (0, 1):
        place = server.places[size, is_slow]
        connection = ours.look(place)["connection"]
        took: dict[str, list[float]] = {"raw": [], "ours": []}
        with _raw(place) as raw:
            raw.read()
            for _ in range(LOOKS):
                server.change(CHANGES)
                took["raw"].append(_seconds(raw.read))
                took["ours"].append(ours.look(place, connection=connection)["seconds"])
        seconds = {who: median(times) for who, times in took.items()}
        note = ", ".join(f"{who} {each * 1000:.0f} ms" for who, each in seconds.items())
        what = f"{CHANGES} changes among {size:,}, {place.name}, of raw"
        must = MUST_AGAIN if is_slow else None
        yield Finding(PART, what, seconds["ours"] / seconds["raw"], must, MUST_AGAIN, note=note)


def _costs(server: FaultServer, sizes: Sizes, ours: Reader) -> Iterator[Finding]:
    """Our side alone: what the server told us, and what we did with it."""
    connections = {size: ours.look(server.places[size, 0])["connection"] for size in (sizes.small, sizes.middle)}
    spent: dict[int, list[Mapping[str, float]]] = {size: [] for size in connections}
    for _ in range(LOOKS):
        server.change(CHANGES)
        for size, connection in connections.items():
            spent[size].append(
                _spent(server, lambda s=size, c=connection: ours.look(server.places[s, 0], connection=c))
            )
    small, middle = (_medians(spent[size]) for size in connections)
    for name in _GROWN:
        note = f"{_rounded(small[name])} among {sizes.small:,}, {_rounded(middle[name])} among {sizes.middle:,}"
        what = f"{CHANGES} changes among ten times the events, {name}"
        yield Finding(PART, what, middle[name] / small[name], MUST_GROWTH, 1, note=note)
    place = server.places[sizes.middle, 0]
    unchanged = _spent(server, lambda: ours.look(place, connection=connections[sizes.middle]))
    note = f"{unchanged['bytes']:.0f} bytes, {unchanged['statements']} SQL statements"
    yield Finding(PART, "nothing changed, requests", unchanged["requests"], 1, 1, is_count=True, note=note)


def _spent(server: FaultServer, look: Callable[[], Mapping[str, Any]]) -> Mapping[str, float]:
    server.traffic()
    told = look()
    requests, size = server.traffic()
    return {"requests": requests, "bytes": size, "cpu": told["cpu"], "statements": told["statements"]}


def _medians(spent: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    return {name: median(one[name] for one in spent) for name in _GROWN}


def _rounded(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:g}"


def _raw(place: Place) -> RawReader:
    return RawReader(place.server, place.home, place.calendar, (place.username, PASSWORD))


def _by_vdirsyncer(place: Place, folder: Path) -> float:
    other = Vdirsyncer(place, folder)
    seconds = other.read()
    if other.held() != place.size:
        raise RuntimeError("vdirsyncer did not read everything")
    return seconds


def _seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began
