"""The reference: what may happen to appointments, in plain sets and sums of minutes.

Times are minutes from the Monday of NOW, hosts are numbers. The model does not choose: told what came out of a step it
says whether that may be, and keeps it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

DAY = 24 * 60
OPENS, CLOSES, GRID = 9 * 60, 12 * 60, 30
STARTS = tuple(day * DAY + minute for day in (1, 2) for minute in range(OPENS, CLOSES, GRID))
ANSWERED_WITHIN = DAY


class Page(NamedTuple):
    """A calendar. ``seats`` 0: it is no class."""

    kind: str
    hosts: tuple[int, ...]
    minutes: int
    before: int = 0
    after: int = 0
    approval: bool = False
    seats: int = 0

    @property
    def takes_all(self) -> bool:
        return self.kind == "collective"


class Op(NamedTuple):
    """What is tried. ``label`` names the appointment or hold that it makes or is about; ``hold`` is given up."""

    kind: str
    label: str = ""
    page: int = 0
    start: int = 0
    host: int | None = None
    by_staff: bool = False
    hold: str = ""
    came: bool | None = None


class Outcome(NamedTuple):
    """``error``: the name of the exception, if there was one. ``hosts``: who gives the time, the lead first."""

    error: str = ""
    hosts: tuple[int, ...] = ()
    kept: bool = True


class Stretch(NamedTuple):
    host: int
    start: int
    end: int
    before: int
    after: int
    exclusive: bool = True

    def is_too_near(self, other: "Stretch") -> bool:
        apart = other.start - self.end >= max(self.after, other.before)
        return not (apart or self.start - other.end >= max(other.after, self.before))

    def overlaps(self, other: "Stretch") -> bool:
        return self.start < other.end and other.start < self.end


class Mail(NamedTuple):
    """``to``: a host, or None for the customer."""

    kind: str
    to: int | None
    sequence: int


@dataclass
class Visit:
    """An appointment. ``steps``: kind and sequence."""

    page: int
    start: int
    hosts: tuple[int, ...]
    status: str
    expires: int | None
    sequence: int = 0
    steps: list[tuple[str, int]] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        return self.status not in {"cancelled", "declined", "expired"}

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"


@dataclass
class Model:
    """``times`` by taker; ``seats`` of a class by page and start; ``holds`` by label."""

    pages: tuple[Page, ...]
    # who acts as staff on each page
    staff: Mapping[int, int]
    now: int
    visits: dict[str, Visit] = field(default_factory=dict)
    holds: dict[str, tuple[int, int]] = field(default_factory=dict)
    times: dict[str, tuple[Stretch, ...]] = field(default_factory=dict)
    seats: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)

    # ── what is free ─────────────────────────────────────────────────────────────────────────────────────────────

    def offer(self, number: int) -> list[tuple[int, tuple[int, ...]]]:
        """The starts that can be booked, with the hosts who are free."""
        page = self.pages[number]
        found = []
        for start in STARTS:
            if start >= self.now and start % DAY + page.minutes <= CLOSES:
                free = tuple(host for host in page.hosts if self.is_free(number, host, start))
                if free == page.hosts or (free and not page.takes_all):
                    found.append((start, free))
        return found

    def is_free(self, number: int, host: int, start: int, besides: Iterable[str] = ()) -> bool:
        wanted, looked_through = self.stretch(number, host, start), set(besides)
        mine = self.seats.get((number, start), frozenset()) - looked_through
        if self.pages[number].seats and len(mine) >= self.pages[number].seats:
            return False
        session = (number, start) if self.pages[number].seats else None
        return not any(wanted.is_too_near(other) for other in self.taken(host, looked_through, session))

    def taken(self, host: int, besides: set[str], session: tuple[int, int] | None = None) -> Iterator[Stretch]:
        """All time of the host but that of ``besides``, and but the class session that is asked about."""
        for label, stretches in self.times.items():
            if label not in besides:
                yield from (one for one in stretches if one.host == host)
        for key, labels in self.seats.items():
            if key != session and labels - besides and host in self.pages[key[0]].hosts:
                yield self.stretch(key[0], host, key[1])

    def stretch(self, number: int, host: int, start: int) -> Stretch:
        page = self.pages[number]
        return Stretch(host, start, start + page.minutes, page.before, page.after)

    def give(self, label: str, number: int, start: int, hosts: Iterable[int]) -> None:
        if self.pages[number].seats:
            self.seats[number, start] = self.seats.get((number, start), frozenset()) | {label}
        else:
            self.times[label] = tuple(self._beside_others(number, host, start) for host in hosts)

    def _beside_others(self, number: int, host: int, start: int) -> Stretch:
        """What overlaps exclusive time was overbooked."""
        wanted = self.stretch(number, host, start)
        clash = any(one.exclusive and one.overlaps(wanted) for one in self.taken(host, set()))
        return wanted._replace(exclusive=not clash)

    def free(self, *labels: str) -> None:
        for label in labels:
            self.times.pop(label, None)
            self.holds.pop(label, None)
        left = {key: seats - set(labels) for key, seats in self.seats.items()}
        self.seats = {key: seats for key, seats in left.items() if seats}

    # ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, visit: Visit, kind: str, op: Op, former: tuple[int, ...] = ()) -> None:
        """A step of the history, and a mail to the customer and to every host but the one who did it."""
        visit.steps.append((kind, visit.sequence))
        doer = self.staff[visit.page] if op.by_staff else None
        mails = {None: kind}
        as_new = "requested" if visit.is_pending else "booked"
        for host in visit.hosts:
            mails[host] = "host_" + (as_new if former and host not in former else kind)
        for host in set(former) - set(visit.hosts):
            mails[host] = "host_cancelled"
        visit.mails += [Mail(told, to, visit.sequence) for to, told in mails.items() if to is None or to != doer]
