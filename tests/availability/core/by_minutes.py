"""The slow and obvious answer to what the core computes: plain sets of minutes, and no cleverness at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from availability.core.intervals import Interval, Stretch
from availability.core.slots import Busy, SlotRules, Taken

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
    """A4 as it is worded: first and second, and the gap between them."""
    end = start + rules.duration
    if not minutes_of([one]):
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
    rules: SlotRules,
    span: Interval,
    earliest: int,
    latest: int,
) -> list[int]:
    taken, blocked = list(taken), minutes_of(busy)
    return [
        start
        for start in starts_on_the_grid(windows, rules, span)
        if earliest <= start < latest
        and all(keeps_its_distance(start, one, rules) for one in taken)
        and not blocked & set(range(start - rules.buffer_before, start + rules.duration + rules.buffer_after))
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


stretches = st.builds(lambda start, length: (start, start + length), st.integers(-20, 80), st.integers(0, 25))
spans = st.builds(lambda start, length: Interval(start, start + length), st.integers(-20, 60), st.integers(1, 80))
buffers = st.integers(0, 12)
rules = st.builds(
    SlotRules,
    duration=st.integers(1, 15),
    interval=st.integers(1, 12),
    buffer_before=buffers,
    buffer_after=buffers,
    notice=st.integers(0, 20),
    horizon=st.integers(1, 90),
)
taken_stretches = st.builds(
    lambda one, before, after, key: Taken(*one, before, after, key), stretches, buffers, buffers, st.text("ab")
)
busy_stretches = st.builds(lambda one, key: Busy(*one, key), stretches, st.text("cd"))
situations = st.fixed_dictionaries(
    {
        "windows": st.lists(stretches, max_size=5),
        "taken": st.lists(taken_stretches, max_size=5),
        "busy": st.lists(busy_stretches, max_size=5),
        "rules": rules,
    }
)
