"""Random calendars of all kinds, in zones of the whole IANA list, most of them near a change of the clocks.

``HOLDFAST_EXAMPLES`` says how many each property is tried on, all kinds together.
"""

import os
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from .plain_calendars import Blocked, Booked, Host, Kind, PlainCalendar, Shift, dates_around, first_minute
from .slots_by_minutes import HostByMinutes, month_of, months_around
from .wall_clocks import DAY, FIRST_YEAR, LAST_YEAR, changes_of, clocks, number_of

EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "60"))
on_whole_calendars = settings(
    max_examples=-(-EXAMPLES // len(Kind)),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

any_zone = st.sampled_from(sorted(available_timezones()))
changing_zone = st.deferred(lambda: st.sampled_from([clock.names for clock in clocks() if clock.changes])).flatmap(
    st.sampled_from
)
zones = (any_zone | changing_zone).map(ZoneInfo)
dates = st.dates(date(FIRST_YEAR, 1, 10), date(LAST_YEAR, 11, 20))
lengths = st.sampled_from([15, 20, 30, 45, 60, 90]) | st.integers(5, 60) | st.integers(5, 240)
buffers = st.just(0) | st.sampled_from([5] * 20 + [15] * 20 + [30] * 20 + [DAY]) | st.integers(0, 45)
limits = st.sampled_from([None] * 6 + [1, 2, 3, 4])
seldom = st.sampled_from([False] * 2 + [True])
rarely = st.sampled_from([False] * 9 + [True])
clock_times = st.integers(0, 95).map(lambda quarters: quarters * 15) | st.integers(0, DAY - 1)


@st.composite
def shifts(draw: st.DrawFn, shortest: int = 30) -> tuple[Shift, ...]:
    """Of one day: several, overlapping, touching each other, past midnight, the whole day."""
    found: list[Shift] = []
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        touches = bool(found) and draw(st.booleans())
        opens = found[-1].closes % DAY if touches else draw(clock_times)
        found.append(Shift(opens, (opens + draw(st.integers(shortest, 720) | st.integers(480, DAY))) % DAY))
    return tuple(found)


@st.composite
def weeks(draw: st.DrawFn, shortest: int) -> dict[int, tuple[Shift, ...]]:
    """Every day alike, or two kinds of days and one without hours."""
    usual = draw(shifts(shortest))
    if draw(st.booleans()):
        return dict.fromkeys(range(7), usual)
    other, free = draw(shifts()), draw(st.integers(0, 6))
    return {weekday: other if weekday % 2 else usual for weekday in range(7) if weekday != free}


@st.composite
def spans(draw: st.DrawFn, zone: ZoneInfo) -> range:
    """Some hours to two days, most of them over a change of the zone's clocks if it has any."""
    changes, length = changes_of(zone), draw(st.integers(900, 2 * DAY))
    if changes and draw(st.sampled_from([True, True, False])):
        middle = draw(st.sampled_from(changes)).at
    else:
        middle = number_of(draw(dates)) * DAY
    begin = middle - draw(st.integers(-60, length))
    return range(begin, begin + length)


@st.composite
def stretches(draw: st.DrawFn, span: range) -> tuple[int, int]:
    start = draw(st.integers(span.start - 600, span.stop + 300))
    return start, start + draw(st.integers(0, 60) | st.sampled_from([15, 30, 60, 120, 240, 600]))


def blocked(span: range) -> st.SearchStrategy[Blocked]:
    return st.builds(lambda ends, key, own: Blocked(*ends, key, own), stretches(span), st.text("ab"), st.booleans())


def booked(span: range, keys: str) -> st.SearchStrategy[Booked]:
    return st.builds(
        lambda ends, before, after, key, ours: Booked(*ends, before, after, key, ours),
        stretches(span),
        buffers,
        buffers,
        st.text(keys),
        st.booleans(),
    )


@st.composite
def hosts(draw: st.DrawFn, key: int, span: range, nearby: list[ZoneInfo], usual: dict, at_most: int) -> Host:
    zone = draw(st.sampled_from(nearby))
    days = st.sampled_from(dates_around(span, zone))
    return Host(
        key=key,
        zone=zone,
        weekly=draw(st.just(usual) | st.just(usual) | weeks(30)),
        overrides=draw(st.dictionaries(days, st.just(()) | shifts(), max_size=at_most)),
        holidays=draw(st.dictionaries(days, st.text("gh", min_size=1), max_size=1)) if draw(seldom) else {},
        booked=tuple(draw(st.lists(booked(span, "cd"), max_size=at_most))),
        held=tuple(draw(st.lists(booked(span, "ef"), max_size=1))),
        busy=tuple(draw(st.lists(blocked(span), max_size=at_most))),
        stale="source" if draw(rarely) else None,
        per_day=draw(limits),
        per_week=draw(limits),
        is_fixed=draw(rarely),
        is_away=draw(rarely) and draw(rarely),
    )


HOW_MANY_HOSTS = {
    Kind.SIMPLE: 1,
    Kind.CLASS: 1,
    Kind.SERVICE: 3,
    Kind.AVAILABILITY: 4,
    Kind.EQUAL: 4,
    Kind.COLLECTIVE: 3,
}
TEAM_ORDER = (30, 10, 40, 20)


@st.composite
def date_ranges(draw: st.DrawFn, span: range, zone: ZoneInfo) -> dict[str, int]:
    """``now`` and what can be booked from then on: so many days, or from one date to another."""
    now = span.start + draw(st.integers(-3 * DAY, -1) | st.integers(-DAY, len(span) // 3))
    notice = draw(st.just(0) | st.integers(0, 600))
    if draw(st.booleans()):
        return {
            "now": now,
            "notice": notice,
            "first": now,
            "latest": now + draw(st.sampled_from([60, 30, 7, 4, 3, 2, 1])) * DAY,
        }
    around = dates_around(span, zone)
    first, last = sorted((draw(st.sampled_from(around[:3])), draw(st.sampled_from(around[2:]))))
    return {
        "now": now,
        "notice": notice,
        "first": first_minute(first, zone),
        "latest": first_minute(last + timedelta(days=1), zone),
    }


@st.composite
def plain_calendars(draw: st.DrawFn, kind: Kind) -> PlainCalendar:
    zone = draw(zones)
    span, nearby = draw(spans(zone)), [zone, zone, zone, draw(zones)]
    number, is_calm = draw(st.integers(1, HOW_MANY_HOSTS[kind])), draw(st.sampled_from([True, True, False]))
    usual = draw(weeks(480))
    team = tuple(draw(hosts(key, span, nearby, usual, 1 if is_calm else 3)) for key in TEAM_ORDER[:number])
    calendar = PlainCalendar(
        kind=kind,
        zone=zone,
        span=span,
        duration=draw(lengths),
        interval=draw(lengths),
        before=draw(buffers),
        after=draw(buffers),
        hosts=tuple(as_they_can_be(host, kind) for host in team),
        **draw(date_ranges(span, zone)),
        closures=tuple(draw(st.lists(blocked(span), max_size=1))),
        per_day=draw(limits),
        per_week=draw(limits),
        is_open=not (draw(rarely) and draw(rarely)),
    )
    if is_calm:
        calendar = with_little_in_the_way(calendar)
    if kind is Kind.CLASS:
        return draw(classes(calendar))
    if kind is Kind.EQUAL:
        calendar = draw(with_counts(calendar))
    return draw(with_a_name(calendar)) if kind in {Kind.SERVICE, Kind.AVAILABILITY, Kind.EQUAL} else calendar


def with_little_in_the_way(calendar: PlainCalendar) -> PlainCalendar:
    """Most calendars have slots."""
    free = {"per_day": None, "per_week": None}
    hosts = [replace(host, **free, holidays={}, stale=None, is_away=False) for host in calendar.hosts]
    return replace(calendar, **free, hosts=tuple(hosts), closures=(), is_open=True, notice=0)


def as_they_can_be(host: Host, kind: Kind) -> Host:
    """Only a round robin has fixed hosts; who is away and not needed is no host; a simple calendar is not synced."""
    is_fixed = host.is_fixed and kind in {Kind.AVAILABILITY, Kind.EQUAL}
    is_simple = kind is Kind.SIMPLE
    return replace(
        host,
        is_fixed=is_fixed,
        is_away=host.is_away and (is_fixed or kind is Kind.COLLECTIVE),
        stale=None if is_simple else host.stale,
        busy=tuple(one for one in host.busy if one.own or not is_simple),
    )


@st.composite
def classes(draw: st.DrawFn, calendar: PlainCalendar) -> PlainCalendar:
    """Sessions begin on the grid and are as long as the class, unless its settings were changed since."""
    seats = draw(st.integers(1, 4))
    (host,) = calendar.hosts
    of_host = HostByMinutes(calendar, host, calendar.span)
    grid = sorted(of_host.grid.intersection(calendar.span)) or [calendar.span.start]
    places = st.sampled_from([start for start in grid if of_host.is_free(start)] or grid) | st.sampled_from(grid)
    taken = draw(st.dictionaries(places, st.integers(1, seats), max_size=3))
    length = calendar.duration if draw(st.sampled_from([True, True, True, False])) else draw(lengths)
    sessions = [Booked(start, start + length, *draw(st.tuples(buffers, buffers)), "s", *BOTH) for start in taken]
    host = replace(host, booked=(*host.booked, *sessions), seats_taken=taken)
    # full days with sessions to join
    return replace(calendar, seats=seats, hosts=(host,), per_day=draw(st.sampled_from([None, None, 1, 2])))


BOTH = (True, True)  # a session counts for its own calendar, and can be joined


@st.composite
def with_counts(draw: st.DrawFn, calendar: PlainCalendar) -> PlainCalendar:
    around = months_around(calendar)
    months = {month_of(around[0], calendar), month_of(around[-1], calendar)}
    counts = {month: {host.key: draw(st.integers(0, 6)) for host in calendar.hosts} for month in sorted(months)}
    return replace(calendar, counts=counts, lead_cap=draw(st.integers(1, 4)))


@st.composite
def with_a_name(draw: st.DrawFn, calendar: PlainCalendar) -> PlainCalendar:
    """Most customers take anyone; few name somebody who is no host any more."""
    anyone = [None] * 8
    return replace(calendar, named=draw(st.sampled_from([*anyone, *(host.key for host in calendar.hosts), 99])))
