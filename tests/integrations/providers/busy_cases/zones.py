"""What a TZID means (RFC 5545 3.2.19, 3.6.5; RFC 7808)."""

from tests.integrations.providers.busy_cases.case import Case, between, one
from tests.integrations.providers.objects import vcalendar, vevent

JULY = between("2027-07-01", "2027-07-02")
NEW_YORK = "1202T1500-1202T1600"


def at(tzid: str, day: str = "20261202") -> str:
    return one(f"DTSTART;TZID={tzid}:{day}T100000", "DURATION:PT1H")


def defined(tzid: str, *parts: str, day: str = "20261202") -> str:
    zone = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{tzid}", *parts, "END:VTIMEZONE"])
    return vcalendar(zone, vevent(f"DTSTART;TZID={tzid}:{day}T100000", "DURATION:PT1H"))


def offset(kind: str, before: str, after: str, first: str = "19700101T000000", *more: str) -> str:
    lines = (f"BEGIN:{kind}", f"DTSTART:{first}", *more, f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", f"END:{kind}")
    return "\r\n".join(lines)


OWN = (
    offset("STANDARD", "+0500", "+0400", "19701025T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    offset("DAYLIGHT", "+0400", "+0500", "19700329T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
)

CASES = [
    Case("known-name-without-a-definition", "7809 3", at("America/New_York"), NEW_YORK),
    Case("known-name-in-quotes", "5545 3.2", at('"America/New_York"'), NEW_YORK),
    Case("known-name-in-lower-case", "the safe side", at("america/new_york"), NEW_YORK),
    Case("old-name", "5545 3.2.19", at("US/Eastern"), NEW_YORK),
    Case("name-after-its-makers", "5545 3.2.19", at("/maker.example/2020_1/America/New_York"), NEW_YORK),
    Case("name-of-windows", "the safe side", at("Eastern Standard Time"), NEW_YORK),
    Case(
        "name-of-windows-in-summer",
        "the safe side",
        at("Eastern Standard Time", "20270701"),
        "0701T1400-0701T1500",
        window=JULY,
    ),
    Case(
        "name-as-outlook-shows-it",
        "the safe side",
        at('"(UTC-05:00) Eastern Time (US & Canada)"', "20270701"),
        "0701T1400-0701T1500",
        window=JULY,
    ),
    Case(
        "places-as-outlook-shows-them",
        "the safe side",
        at('"(UTC+01:00) Amsterdam, Berlin, Bern"', "20270701"),
        "0701T0800-0701T0900",
        window=JULY,
    ),
    Case(
        "places-as-outlook-showed-them",
        "the safe side",
        at('"(GMT+01.00) Amsterdam / Berlin / Bern"', "20270701"),
        "0701T0800-0701T0900",
        window=JULY,
    ),
    Case("bare-offset", "the safe side", at("GMT-0330"), "1202T1330-1202T1430"),
    Case("quarter-of-an-hour", "5545 3.3.14", at("Asia/Kathmandu"), "1202T0415-1202T0515"),
    Case("nobody-knows-it", "5545 3.3.5", at("Atlantis/Capital"), "1202T0900-1202T1000"),
    Case("nobody-knows-it-elsewhere", "5545 3.3.5", at("Atlantis/Capital"), NEW_YORK, zone="America/New_York"),
    Case(
        "utc-despite-a-zone",
        "5545 3.2.19",
        one("DTSTART;TZID=America/New_York:20261202T100000Z", "DTEND;TZID=America/New_York:20261202T110000Z"),
        "1202T1000-1202T1100",
    ),
    Case(
        "zone-of-the-whole-calendar-is-not-in-the-rfc",
        "5545 3.3.5",
        vcalendar("X-WR-TIMEZONE:America/New_York", vevent("DTSTART:20261202T100000", "DURATION:PT1H")),
        "1202T0900-1202T1000",
    ),
    Case("own-definition-in-winter", "5545 3.6.5", defined("Ours", *OWN), "1202T0600-1202T0700"),
    Case(
        "own-definition-in-summer",
        "5545 3.6.5",
        defined("Ours", *OWN, day="20270701"),
        "0701T0500-0701T0600",
        window=JULY,
    ),
    Case(
        "own-definition-that-never-changes",
        "5545 3.6.5",
        defined("Ours", offset("STANDARD", "+0545", "+0545")),
        "1202T0415-1202T0515",
    ),
    Case(
        "own-definition-by-dates",
        "5545 3.6.5",
        defined(
            "Ours",
            offset("STANDARD", "+0400", "+0300", "20250101T000000", "RDATE:20261201T000000"),
            offset("DAYLIGHT", "+0300", "+0400", "20260601T000000"),
        ),
        "1202T0700-1202T0800",
    ),
    Case(
        "own-definition-that-ended",
        "5545 3.6.5",
        defined(
            "Ours",
            offset("STANDARD", "+0500", "+0400", "20001025T030000"),
            offset("DAYLIGHT", "+0400", "+0500", "20010329T020000", "RRULE:FREQ=YEARLY;UNTIL=20050328T220000Z"),
            offset("STANDARD", "+0500", "+0400", "20011025T030000", "RRULE:FREQ=YEARLY"),
            day="20270701",
        ),
        "0701T0600-0701T0700",
        window=JULY,
    ),
    Case(
        "own-definition-with-a-known-alias",
        "libical",
        defined("Ours", "X-LIC-LOCATION:America/New_York", *OWN),
        NEW_YORK,
    ),
    Case("own-definition-of-a-known-name-is-not-asked", "7809 3", defined("America/New_York", *OWN), NEW_YORK),
    Case(
        "definition-after-its-use",
        "5545 3.6.5",
        vcalendar(
            vevent("DTSTART;TZID=Ours:20261202T100000", "DURATION:PT1H"),
            "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Ours", *OWN, "END:VTIMEZONE"]),
        ),
        "1202T0600-1202T0700",
    ),
    Case("definition-of-nothing-blocks-the-day", "the safe side", defined("Ours"), "1201T2300-1202T2300"),
    Case(
        "excepted-by-an-own-zone",
        "5545 3.8.5.1",
        vcalendar(
            "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Ours", *OWN, "END:VTIMEZONE"]),
            vevent(
                "DTSTART;TZID=Ours:20261202T100000",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY;COUNT=3",
                "EXDATE;TZID=Ours:20261203T100000",
            ),
        ),
        "1202T0600-1202T0700 1204T0600-1204T0700",
    ),
]
