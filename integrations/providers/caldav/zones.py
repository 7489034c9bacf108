"""Which zone a TZID means: IANA names in any disguise, Windows names, the object's own VTIMEZONE."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from integrations.ports import Unreadable
from integrations.providers.caldav.content_lines import Component
from integrations.providers.caldav.recurrence import Budget, starts_between
from integrations.providers.caldav.rules import parse_rule
from integrations.providers.caldav.values import parse_when

LONGEST_TZID = 200
MOST_OBSERVANCES = 200

_OFFSET_NAME = re.compile(r"\(?(?:UTC|GMT)\s*(?:([+-])(\d{1,2})[:.]?(\d\d)?)?\)?(?:\s+(.*))?", re.IGNORECASE | re.ASCII)
_AMERICAN = {
    "eastern_time": ("America/New_York",),
    "central_time": ("America/Chicago",),
    "mountain_time": ("America/Denver",),
    "pacific_time": ("America/Los_Angeles",),
    "atlantic_time": ("America/Halifax",),
    "alaska": ("America/Anchorage",),
    "hawaii": ("Pacific/Honolulu",),
    "arizona": ("America/Phoenix",),
    "newfoundland": ("America/St_Johns",),
}
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")
_HALVES = (datetime(2026, 1, 1), datetime(2026, 7, 1))  # noqa: DTZ001
_FIRST, _LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001


def iana_name(tzid: str) -> str | None:
    """The IANA zone a name stands for, however it is dressed."""
    return _iana_name(tzid) if len(tzid) <= LONGEST_TZID else None


@lru_cache(maxsize=1024)
def _iana_name(tzid: str) -> str | None:
    plain = tzid.strip().strip('"').casefold()
    if not plain:
        return None
    return _names().get(plain.replace(" ", "_")) or _names().get(plain) or _tail(plain)


def zone_of(tzid: str, definitions: Collection[Component]) -> tzinfo | None:
    """None when nobody knows: the time is then read as floating."""
    name = iana_name(tzid)
    if name is not None:
        return ZoneInfo(name)
    definition = definition_of(tzid, definitions)
    if definition is None:
        return _described(tzid)
    alias = iana_name(definition.text("X-LIC-LOCATION"))
    return ZoneInfo(alias) if alias is not None else DefinedZone(definition)


def definition_of(tzid: str, definitions: Collection[Component]) -> Component | None:
    return next((one for one in definitions if one.text("TZID").strip('"') == tzid.strip('"')), None)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    known = {name.casefold(): name for name in available_timezones()}
    windows = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items() if zone.casefold() in known}
    return {**windows, **known, "z": "UTC"}


def _tail(tzid: str) -> str | None:
    """``/example.org/20050126_1/Europe/Berlin``: a globally unique TZID that ends in a known name."""
    parts = tzid.split("/")
    tails = ("/".join(parts[-count:]) for count in (3, 2, 1) if count < len(parts))
    return next((name for name in map(_names().get, tails) if name), None)


def _described(tzid: str) -> tzinfo | None:
    """``(UTC+01:00) Amsterdam, Berlin``, as Outlook shows zones: by place if one is known, else the bare offset."""
    match = _OFFSET_NAME.fullmatch(tzid.strip()) if len(tzid) <= LONGEST_TZID else None
    if match is None or int(match[2] or 0) > 14 or int(match[3] or 0) > 59:
        return None
    size = timedelta(hours=int(match[2] or 0), minutes=int(match[3] or 0))
    offset = -size if match[1] == "-" else size
    return _zone_of_places(match[4] or "", offset) or timezone(offset)


def _zone_of_places(text: str, offset: timedelta) -> ZoneInfo | None:
    """The zone of the first place named that has this offset when its clocks are not put forward."""
    places = [place.partition("(")[0].strip().casefold().replace(" ", "_") for place in re.split("[,/;]", text)]
    zones = [ZoneInfo(name) for place in places for name in _cities().get(place, ())]
    return next((zone for zone in zones if offset in {day.replace(tzinfo=zone).utcoffset() for day in _HALVES}), None)


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[str, ...]]:
    cities: dict[str, tuple[str, ...]] = dict(_AMERICAN)
    for name in sorted(available_timezones()):
        city = name.rpartition("/")[2].casefold()
        if "/" in name and not name.startswith("Etc/"):
            cities[city] = (*cities.get(city, ()), name)
    return cities


class DefinedZone(tzinfo):
    """A zone as a VTIMEZONE defines it (RFC 5545 3.6.5)."""

    def __init__(self, definition: Component) -> None:
        if len(definition.inside) > MOST_OBSERVANCES:
            raise Unreadable("The time zone has too many rules.")
        budget = Budget()
        changes = sorted(change for part in definition.inside for change in _changes(part, budget))
        if not changes:
            raise Unreadable("The time zone has no rules.")
        self._before = changes[0][1]
        self._after = [to for _at, _from, to in changes]
        self._at = [at for at, _from, _to in changes]
        # In a gap the old offset goes on to its end, in an overlap the first reading counts.
        self._wall = [at + max(old, new) for at, old, new in changes]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        if dt is None:
            return self._before
        return self._offset(self._wall, dt.replace(tzinfo=None))

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return None

    def fromutc(self, dt: datetime) -> datetime:
        return dt + self._offset(self._at, dt.replace(tzinfo=None))

    def _offset(self, switches: Sequence[datetime], at: datetime) -> timedelta:
        passed = bisect_right(switches, at)
        return self._after[passed - 1] if passed else self._before


def _changes(observance: Component, budget: Budget) -> list[tuple[datetime, timedelta, timedelta]]:
    """When an observance begins (in UTC, naive), the offset before and the offset then."""
    before = _parse_offset(observance.text("TZOFFSETFROM"))
    after = _parse_offset(observance.text("TZOFFSETTO"))
    first = parse_when(observance.text("DTSTART"), zone=UTC, default_zone=UTC).wall
    onsets = {first}
    for line in observance.every("RRULE"):
        rule = parse_rule(line.value, zone=timezone(before), is_date=False)
        if rule.freq != "YEARLY":
            raise Unreadable("The time zone has a rule that is not yearly.")
        onsets.update(starts_between(rule, first, _FIRST, _LAST, exists=lambda _wall: True, budget=budget))
    for line in observance.every("RDATE"):
        texts = line.value.split(",")[:MOST_OBSERVANCES]
        onsets.update(parse_when(text, zone=UTC, default_zone=UTC).wall for text in texts)
    return [(onset - before, before, after) for onset in onsets if _FIRST <= onset <= _LAST or onset == first]


def _parse_offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise Unreadable("The time zone has an offset that cannot be read.")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if offset >= timedelta(hours=24):
        raise Unreadable("The time zone has an offset that cannot be read.")
    return -offset if match[1] == "-" else offset
