"""What My Calendar shows of some hosts' time, whoever looks: one list of entries, however it is drawn."""

from bookings.queries.entries.entry import KINDS, Entry, Looking
from bookings.queries.entries.found import entries_of

__all__ = ["KINDS", "Entry", "Looking", "entries_of"]
