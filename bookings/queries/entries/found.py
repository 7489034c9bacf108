"""The list of entries: everything of the hosts looked at within a stretch of time, in a fixed number of queries."""

from datetime import datetime
from itertools import chain

from bookings.queries.entries.entry import Entry, Looking
from bookings.queries.entries.held import held_times
from bookings.queries.entries.lain_on import marked
from bookings.queries.entries.outside import events
from bookings.queries.entries.own import own_items
from bookings.queries.entries.taken import appointments


def entries_of(looking: Looking, *, start: datetime, end: datetime, now: datetime) -> list[Entry]:
    """Within ``[start, end)``, in order of their start; what the reader has filtered away is left out."""
    found = sorted(
        chain(
            appointments(looking, start=start, end=end, now=now),
            held_times(looking, start=start, end=end),
            own_items(looking, start=start, end=end, now=now),
            events(looking, start=start, end=end, now=now),
        ),
        key=lambda entry: (entry.starts_at, entry.ends_at, entry.kind),
    )
    return [entry for entry in marked(found, looking) if entry.filtered_as in looking.kinds]
