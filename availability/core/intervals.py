"""Stretches of time as half-open ``[start, end)`` of whole epoch seconds, and the algebra on them.

Aware datetimes are turned into seconds and back here, at the door; inside the core there are only ints.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self, TypeAlias

# What the algebra accepts: anything that begins with its start and its end, whatever comes with it.
Stretch: TypeAlias = tuple[int, int, *tuple[object, ...]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def instant(at: datetime) -> int:
    """Whole epoch seconds of an aware datetime, rounded down; ``ValueError`` for a naive one."""
    if at.utcoffset() is None:
        raise ValueError("A naive datetime is no instant")
    return (at - _EPOCH) // _SECOND


def moment(at: int) -> datetime:
    """The aware datetime in UTC of an instant in epoch seconds."""
    return _EPOCH + timedelta(seconds=at)


class _Ends(NamedTuple):
    start: int
    end: int


class Interval(_Ends):
    """``[start, end)`` in epoch seconds; ``ValueError`` unless it starts before it ends."""

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        if start >= end:
            raise ValueError("An interval ends after it starts")
        return super().__new__(cls, start, end)

    @classmethod
    def between(cls, starts_at: datetime, ends_at: datetime) -> Self:
        """The interval between two aware datetimes; ``ValueError`` for naive or turned ones."""
        return cls(instant(starts_at), instant(ends_at))

    def overlaps(self, other: Stretch) -> bool:
        """Whether both share time; touching ones do not, and a stretch without length never does."""
        return max(self.start, other[0]) < min(self.end, other[1])

    def covers(self, other: Stretch) -> bool:
        """Whether the other lies wholly inside."""
        return self.start <= other[0] and other[1] <= self.end


Intervals: TypeAlias = tuple[Interval, ...]  # sorted and disjoint; no two of them touch


def merge(stretches: Iterable[Stretch]) -> Intervals:
    """The union of any stretches, unsorted and overlapping ones too, as sorted disjoint intervals.

    Touching ones become one; stretches without length are left out.
    """
    ordered = sorted((one[0], one[1]) for one in stretches if one[0] < one[1])
    return tuple(Interval(start, end) for start, end in joined(ordered))


def joined(ordered: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The union of stretches sorted by start as plain pairs, for folds in which every object counts."""
    opened = closed = None
    for start, end in ordered:
        if closed is None or start > closed:
            if opened is not None and closed is not None:
                yield opened, closed
            opened, closed = start, end
        elif end > closed:
            closed = end
    if opened is not None and closed is not None:
        yield opened, closed
