"""Which of the appointments found an event outside lies on, as `availability.queries.conflicts` has it.

Found among what is drawn anyway: in a full month, comparing all with all would take the database longer than the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from availability.models import BlockingSource
from bookings.queries.entries.entry import Entry, Looking


def marked(entries: Sequence[Entry], looking: Looking) -> list[Entry]:
    """``entries`` in order of their start, with those in conflict marked. One query."""
    places = BlockingSource.objects.filter(member__user__in=looking.users)
    counts = frozenset(places.values_list("source_id", "member__account_id"))
    lain_on = _lain_on(entries, counts)
    if not lain_on:
        return list(entries)
    return [replace(entry, in_conflict=True) if entry.uid in lain_on else entry for entry in entries]


def _lain_on(entries: Iterable[Entry], counts: frozenset[tuple[int, int]]) -> set[UUID]:
    lain_on: set[UUID] = set()
    events: list[Entry] = []
    taken: list[Entry] = []
    for entry in entries:
        if entry.source and not entry.is_free:
            taken = [one for one in taken if one.ends_at > entry.starts_at]
            lain_on.update(one.uid for one in taken if one.uid and _meet(one, entry, counts))
            events.append(entry)
        elif entry.checked_in and entry.uid:
            events = [one for one in events if one.ends_at > entry.starts_at]
            if any(_meet(entry, event, counts) for event in events):
                lain_on.add(entry.uid)
            taken.append(entry)
    return lain_on


def _meet(taken: Entry, event: Entry, counts: frozenset[tuple[int, int]]) -> bool:
    return (
        (event.source, taken.checked_in) in counts
        and event.whose[0] in taken.whose
        and event.starts_at < taken.ends_at
        and event.ends_at > taken.starts_at
    )
