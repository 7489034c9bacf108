"""How an object of ours stands there, from its reduced text."""

from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.ports import SeenCopy, Unreadable
from integrations.providers.caldav.content_lines import Component, components_of
from integrations.providers.caldav.series import Zones, read_event
from integrations.providers.caldav.values import to_instant

_REPEATING = ("RRULE", "RDATE", "RECURRENCE-ID")


def describe(reduced: str, *, uid: str, zone: ZoneInfo) -> SeenCopy:
    """The event with this UID; floating and all-day times are in ``zone``. Never raises."""
    try:
        found = components_of(reduced)
    except Unreadable:
        found = []
    events = [part for part in found if part.name == "VEVENT" and part.text("UID") == uid]
    master = next((part for part in events if part.first("RECURRENCE-ID") is None), events[0] if events else None)
    if master is None:
        return SeenCopy(None, None, all_day=False, recurs=False, transparent=False, cancelled=False)
    zones = Zones([part for part in found if part.name == "VTIMEZONE"], default=zone)
    begins, ends, all_day = _times(master, zones) or (None, None, False)
    return SeenCopy(
        begins,
        ends,
        all_day=all_day,
        recurs=len(events) > 1 or any(master.first(name) for name in _REPEATING),
        transparent=master.text("TRANSP").upper() == "TRANSPARENT",
        cancelled=master.text("STATUS").upper() in {"CANCELLED", "CANCELED"},
    )


def _times(event: Component, zones: Zones) -> tuple[datetime, datetime, bool] | None:
    """From when to when, and whether in days; None when that cannot be read, or covers no time."""
    try:
        read = read_event(event, zones)
        begins = to_instant(read.start.wall, read.start.zone)
        ends = read.length.after(read.start.wall, read.start.zone)
    except Unreadable:
        return None
    return (begins, ends, read.start.is_date) if begins < ends else None
