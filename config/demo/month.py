"""A believable month in somebody's calendars, as iCalendar text: everything a sync must understand, seen from today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.demo import people

PRACTICE, PRIVATE, TEAM = "practice", "private", "team"
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
WEEK = timedelta(weeks=1)
NOON = time(12, 15)


@dataclass(frozen=True, slots=True)
class Life:
    """What tells one person's month from another's. ``shift`` keeps them from all being away on one day."""

    hobby: str
    hobby_day: int
    trip: str
    call: str
    birthday: str
    shift: int


@dataclass(frozen=True, slots=True)
class CalendarObject:
    """One object on the server: its name there, and the text of it."""

    name: str
    text: str


LIVES = {
    people.INES.username: Life("Choir", 1, "Copenhagen", "Lena in Boston", "Dad’s birthday", 0),
    people.TOMASZ.username: Life("Bouldering", 2, "Gdańsk", "Kasia in New York", "Zosia’s birthday", 1),
    people.RUTH.username: Life("Rowing", 0, "Bremen", "Aunt Ada in Toronto", "Sam’s birthday", 2),
    people.MARIT.username: Life("Pottery", 3, "Amrum", "Publisher in New York", "Mother’s birthday", 3),
}
WEEKDAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# the rules as they have been since 1996 and 2007
_ZONES = f"""BEGIN:VTIMEZONE
TZID:{BERLIN}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:{NEW_YORK}
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE"""


def month_of(username: str, *, today: date) -> dict[str, tuple[CalendarObject, ...]]:
    """The objects of each of the person's calendars, by the calendar's name: last week, this one and four more."""
    life, monday = LIVES[username], today - timedelta(days=today.weekday())
    return {
        PRACTICE: tuple(_practice(life, monday)),
        PRIVATE: tuple(_private(life, monday)),
        TEAM: tuple(_team(monday)),
    }


def _practice(life: Life, monday: date) -> Iterator[CalendarObject]:
    skipped = _at(monday + WEEK + timedelta(days=life.shift), NOON)
    every_weekday = f"RRULE:FREQ=WEEKLY;BYDAY={','.join(WEEKDAY_NAMES[:5])}"
    yield _single("lunch", "Lunch", _timed(monday - WEEK, NOON, 45), every_weekday, f"EXDATE;TZID={BERLIN}:{skipped}")
    yield _team_meeting(monday)
    thursday = monday + WEEK + timedelta(days=3)
    yield _single("supervision", "Supervision", _timed(thursday, time(15), 90), "STATUS:TENTATIVE")
    yield _single("delivery", "Delivery of treatment tables", _timed(thursday, time(9), 120), "TRANSP:TRANSPARENT")
    dropped = _timed(thursday - timedelta(days=1), time(10), 240)
    yield _single("course", "Course: manual therapy", dropped, "STATUS:CANCELLED")
    for week in range(-1, 5):
        day = monday + week * WEEK + timedelta(days=(life.shift + week) % 5)
        yield _single(f"house-call-{week + 1}", "House call, Marli", _timed(day, time(10 + life.shift), 60))


def _team_meeting(monday: date) -> CalendarObject:
    """Every Tuesday at 08:15; next week's is moved to Wednesday, the one after falls out."""
    clock, tuesday = time(8, 15), monday + timedelta(days=1)
    moved, dropped = _at(tuesday + WEEK, clock), _at(tuesday + 2 * WEEK, clock)
    every_week = ("RRULE:FREQ=WEEKLY", f"EXDATE;TZID={BERLIN}:{dropped}")
    wednesday = _timed(tuesday + WEEK + timedelta(days=1), time(14), 45)
    return _object(
        "team-meeting",
        _event("team-meeting", "Team meeting", _timed(tuesday - WEEK, clock, 45), *every_week),
        _event("team-meeting", "Team meeting, moved", wednesday, f"RECURRENCE-ID;TZID={BERLIN}:{moved}"),
    )


def _private(life: Life, monday: date) -> Iterator[CalendarObject]:
    hobby = _timed(monday - WEEK + timedelta(days=life.hobby_day), time(18), 120)
    yield _single("hobby", life.hobby, hobby, "RRULE:FREQ=WEEKLY;INTERVAL=2")
    yield _single("day-off", "Moving house", _days(monday + 2 * WEEK + timedelta(days=life.shift), 1))
    yield _single("trip", life.trip, _days(monday + 3 * WEEK + timedelta(days=4), 3))
    birthday = _days(monday + WEEK + timedelta(days=life.shift), 1)
    yield _single("birthday", life.birthday, birthday, "RRULE:FREQ=YEARLY", "TRANSP:TRANSPARENT")
    yield _single("call", life.call, _timed(monday + WEEK + timedelta(days=2), time(10), 60, zone=NEW_YORK))
    yield _single("dentist", "Dentist", _timed(monday + timedelta(days=(life.shift + 2) % 5), time(15), 60))
    train = monday + 4 * WEEK + timedelta(days=3)
    yield _single("night-train", "Night train to Munich", _timed(train, time(20), 12 * 60))


def _team(monday: date) -> Iterator[CalendarObject]:
    yield _single("journal-club", "Journal club", _timed(monday - WEEK, time(17), 60), "RRULE:FREQ=WEEKLY;INTERVAL=2")
    yield _single("fire-drill", "Fire drill", _timed(monday + WEEK, time(11), 30))
    yield _single("painters", "Painters in room 2", _days(monday + 2 * WEEK, 2), "TRANSP:TRANSPARENT")


def _single(name: str, title: str, when: Sequence[str], *more: str) -> CalendarObject:
    return _object(name, _event(name, title, when, *more))


def _object(name: str, *events: Sequence[str]) -> CalendarObject:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Holdfast//Demo//EN", *_ZONES.splitlines()]
    for event in events:
        lines += event
    return CalendarObject(f"{name}.ics", "".join(f"{line}\r\n" for line in (*lines, "END:VCALENDAR")))


def _event(name: str, title: str, when: Sequence[str], *more: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{name}@demo.holdfast.example",
        "DTSTAMP:20260101T000000Z",
        f"SUMMARY:{title}",
        *when,
        *more,
        "END:VEVENT",
    ]


def _timed(day: date, clock: time, minutes: int, *, zone: str = BERLIN) -> tuple[str, str]:
    starts_at = datetime.combine(day, clock)
    ends_at = starts_at + timedelta(minutes=minutes)
    return f"DTSTART;TZID={zone}:{_local(starts_at)}", f"DTEND;TZID={zone}:{_local(ends_at)}"


def _days(first: date, count: int) -> tuple[str, str]:
    return f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{first + timedelta(days=count):%Y%m%d}"


def _at(day: date, clock: time) -> str:
    return f"{day:%Y%m%d}T{clock:%H%M%S}"


def _local(moment: datetime) -> str:
    return _at(moment.date(), moment.time())
