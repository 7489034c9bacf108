"""Keep what a source reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from availability.models import BusySource, BusyTime
from availability.services.locks import lock_host
from availability.services.versions import raise_versions

__all__ = ["Stretch", "lock_host", "record_busy_times"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One occurrence as a source reports it: ``[start, end)``, aware, in UTC; ``key`` is unique within its group."""

    key: str
    start: datetime
    end: datetime
    blocks: bool
    all_day: bool = False
    label: str = ""


def record_busy_times(source: BusySource, groups: Mapping[str, Sequence[Stretch]], *, now: datetime) -> None:
    """Make the busy times of each named group exactly these; an empty sequence removes it. Other groups stay.

    Within the caller's transaction, under the user's host lock: a booking sees all of it or none, and never
    commits past it unseen. Only days whose blocked time really changes are computed anew.
    """
    lock_host(source.user_id)
    earlier = BusyTime.objects.filter(source=source, group__in=list(groups))
    before = set(earlier.filter(blocks=True).values_list("start", "end"))
    earlier.delete()
    rows = [_row(source, group, stretch) for group, stretches in groups.items() for stretch in stretches]
    BusyTime.objects.bulk_create(rows, batch_size=1000)
    after = {(row.start, row.end) for row in rows if row.blocks}
    raise_versions(source.user_id, before ^ after, now=now)


def _row(source: BusySource, group: str, stretch: Stretch) -> BusyTime:
    return BusyTime(
        source=source,
        user_id=source.user_id,
        group=group,
        key=stretch.key,
        start=stretch.start,
        end=stretch.end,
        blocks=stretch.blocks,
        all_day=stretch.all_day,
        label=stretch.label[:200],
    )
