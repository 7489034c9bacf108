"""Events as Apple's calendar writes them: from three years back to a year ahead, one in twenty a series."""

from collections.abc import Iterator
from datetime import datetime, timedelta

YEARS_BACK, DAYS = 3, 4 * 365
ONE_SERIES_IN = 20
_ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
DTSTART:19810329T020000
TZNAME:CEST
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DTSTART:19961027T030000
TZNAME:CET
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
_EVENT = """\
BEGIN:VEVENT
CREATED:20240110T081500Z
DTSTAMP:20240110T081502Z
LAST-MODIFIED:20240110T081502Z
UID:{uid}
{times}
SEQUENCE:{version}
SUMMARY:Meeting {number}
LOCATION:Room {room}\\nMain Street {room}\\, Berlin
DESCRIPTION:Please bring the papers for point {number}\\, and the keys of
  room {room}. We begin on time.
TRANSP:{shown_as}
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Reminder
TRIGGER:-PT15M
UID:{uid}-ALARM
X-WR-ALARMUID:{uid}-ALARM
ACKNOWLEDGED:20240110T081502Z
END:VALARM
END:VEVENT
"""
_RULES = (
    "RRULE:FREQ=WEEKLY;COUNT=10",
    "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL={until}",
    "RRULE:FREQ=MONTHLY",
    "RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:{second}",
)


def name_of(number: int) -> str:
    return f"{number:08X}-0000-4000-8000-{number * 7919 % 16**12:012X}.ics"


def apple_event(number: int, *, of: int, now: datetime, version: int = 0) -> str:
    """The object with this number among so many; another version begins some minutes later."""
    start = _start(number, of=of, now=now) + timedelta(minutes=5 * (version % 12))
    filled = {"uid": name_of(number)[:-4], "number": number, "version": version, "room": number % 40}
    shown_as = "TRANSPARENT" if number % 50 == 7 else "OPAQUE"
    event = _EVENT.format(times="\n".join(_times(number, start)), shown_as=shown_as, **filled)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Apple Inc.//iPhone OS 18.1//EN\nCALSCALE:GREGORIAN\n{_ZONE}{event}"
    return f"{text}END:VCALENDAR\n".replace("\n", "\r\n")


def _times(number: int, start: datetime) -> Iterator[str]:
    if number % 25 == 3:
        yield f"DTSTART;VALUE=DATE:{start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{start + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Europe/Berlin:{start + timedelta(minutes=45):%Y%m%dT%H%M%S}"
    if number % ONE_SERIES_IN == 0:
        until = f"{start + timedelta(days=180):%Y%m%dT%H%M%SZ}"
        second = f"{start + timedelta(days=7):%Y%m%dT%H%M%S}"
        yield _RULES[number // ONE_SERIES_IN % len(_RULES)].format(until=until, second=second)


def _start(number: int, *, of: int, now: datetime) -> datetime:
    """All over the years, between 8:00 and 18:00; neighbours in the listing lie far apart in time."""
    first = now.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=YEARS_BACK * 365)
    place = number * 7919 % of
    return first + timedelta(days=place * DAYS // of, minutes=number % 40 * 15)
