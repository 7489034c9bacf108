"""The slow and obvious answer to what the core computes: plain sets of minutes, and no cleverness at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from availability.core.intervals import Interval, Stretch
from availability.core.slots import Busy, Closed, SlotRules, Taken

UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_of(stretches: Iterable[Stretch]) -> set[int]:
    return {minute for one in stretches for minute in range(one[0], one[1])}


def starts_on_the_grid(windows: Iterable[Stretch], rules: SlotRules, span: Interval) -> list[int]:
    windows = list(windows)
    opened = minutes_of(windows)
    anchored = {start for one in windows for start in range(one[0], one[1], rules.interval)}
    return sorted(
        start
        for start in anchored
        if span.start <= start < span.end and set(range(start, start + rules.duration)) <= opened
    )


def keeps_its_distance(start: int, one: Taken, rules: SlotRules) -> bool:
    """A4 as it is worded: first and second, and the gap between them; who joins a session keeps none from it."""
    end = start + rules.duration
    if not minutes_of([one]) or (one.joins and (one.start, one.end) == (start, end)):
        return True
    if end <= one.start:
        return one.start - end >= max(rules.buffer_after, one.buffer_before)
    if one.end <= start:
        return start - one.end >= max(one.buffer_after, rules.buffer_before)
    return False


def starts_left_open(
    *,
    windows: Iterable[Stretch],
    taken: Iterable[Taken],
    busy: Iterable[Stretch],
    closed: Iterable[Stretch],
    rules: SlotRules,
    span: Interval,
) -> list[int]:
    taken, blocked, shut = list(taken), minutes_of(busy), minutes_of(closed)
    return [
        start
        for start in starts_on_the_grid(windows, rules, span)
        if all(keeps_its_distance(start, one, rules) for one in taken)
        and not blocked & set(range(start - rules.buffer_before, start + rules.duration + rules.buffer_after))
        and not shut & set(range(start, start + rules.duration))
    ]


def minutes_on_the_clock(opens: int, closes: int, day: date, zone: ZoneInfo) -> set[int]:
    """The minutes since 1970 at which a clock on the wall of ``zone`` shows hours of that date."""
    next_day = day + timedelta(days=1)
    shown = set()
    first = int((datetime(day.year, day.month, day.day, tzinfo=UTC) - UNIX).total_seconds()) // 60
    for minute in range(first - 26 * 60, first + 2 * 1440 + 26 * 60):
        local = datetime.fromtimestamp(minute * 60, zone)
        clock = local.hour * 60 + local.minute
        if closes > opens:
            is_open = local.date() == day and opens <= clock < closes
        else:
            is_open = (local.date() == day and clock >= opens) or (local.date() == next_day and clock < closes)
        if is_open:
            shown.add(minute)
    return shown


def lengthened(situation: dict[str, tuple[Stretch, ...]], seconds: int) -> dict[str, tuple[Stretch, ...]]:
    """The same situation where every minute lasts as long as that."""
    return {
        "windows": tuple((start * seconds, end * seconds) for start, end in situation["windows"]),
        "taken": tuple(Taken(*(at * seconds for at in one[:4]), *one[4:]) for one in situation["taken"]),
        "busy": tuple(Busy(one[0] * seconds, one[1] * seconds, *one[2:]) for one in situation["busy"]),
        "closed": tuple(Closed(one[0] * seconds, one[1] * seconds, *one[2:]) for one in situation["closed"]),
    }


def lengthened_terms(rules: SlotRules, span: Interval, seconds: int) -> dict[str, SlotRules | Interval]:
    """Rules and span to go with it."""
    longer = SlotRules(
        duration=rules.duration * seconds,
        interval=rules.interval * seconds,
        buffer_before=rules.buffer_before * seconds,
        buffer_after=rules.buffer_after * seconds,
    )
    return {"rules": longer, "span": Interval(span.start * seconds, span.end * seconds)}


stretches = st.builds(lambda start, length: (start, start + length), st.integers(-20, 80), st.integers(0, 25))
spans = st.builds(lambda start, length: Interval(start, start + length), st.integers(-20, 60), st.integers(1, 80))
buffers = st.integers(0, 12)
# from minutes as short as seconds to such as last for hours
lengths_of_a_minute = st.sampled_from([1, 60, 500, 1800, 7201])
rules = st.builds(
    SlotRules,
    duration=st.integers(1, 15),
    interval=st.integers(1, 12),
    buffer_before=buffers,
    buffer_after=buffers,
)
taken_stretches = st.builds(
    lambda one, before, after, key: Taken(*one, before, after, key), stretches, buffers, buffers, st.text("ab")
)
busy_stretches = st.builds(lambda one, key, own: Busy(*one, key, own), stretches, st.text("cd"), st.booleans())
closed_stretches = st.builds(lambda one, key: Closed(*one, key), stretches, st.text("ef"))
situations = st.fixed_dictionaries(
    {
        "windows": st.lists(stretches, max_size=5).map(tuple),
        "taken": st.lists(taken_stretches, max_size=5).map(tuple),
        "busy": st.lists(busy_stretches, max_size=5).map(tuple),
        "closed": st.lists(closed_stretches, max_size=2).map(tuple),
    }
)


@st.composite
def with_sessions(draw: st.DrawFn) -> dict[str, tuple[Stretch, ...]]:
    """A situation in which some appointments are sessions that can be joined: one at each start."""
    situation = draw(situations)
    joinable = draw(st.sets(st.sampled_from([one.start for one in situation["taken"]] or [0])))
    sessions = {one.start: one._replace(joins=True) for one in situation["taken"] if one.start in joinable}
    others = tuple(one for one in situation["taken"] if one.start not in joinable)
    return situation | {"taken": (*others, *sessions.values())}
