"""Time zones to choose from, by city."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bookings.core.zones import OFFERED, city, zone_named


def zone_choices(*more: str) -> Iterable[tuple[str, str]]:
    """Those that are always offered, and ``more`` of them; what is no zone is left out."""
    names = {*OFFERED, *(name for name in more if zone_named(name))}
    cities = sorted((city(ZoneInfo(name)), name) for name in names)
    return [(name, words) for words, name in cities]
