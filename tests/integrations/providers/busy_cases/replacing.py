"""Instances that stand elsewhere, or for themselves (RFC 5545 3.8.4.4, 3.2.13; RFC 4791 4.1)."""

from tests.integrations.providers.busy_cases.case import Case, between, several
from tests.integrations.providers.busy_cases.recurring import TEN, days

SERIES = (*TEN, "RRULE:FREQ=DAILY;COUNT=4")
SECOND = "RECURRENCE-ID:20261202T090000Z"
AT_THREE = ("DTSTART:20261202T150000Z", "DURATION:PT2H")
MOVED = f"{days(1)} 1202T1500-1202T1700 {days(3, 4)}"

CASES = [
    Case("moved", "5545 3.8.4.4", several(SERIES, (SECOND, *AT_THREE)), MOVED),
    Case("moved-before-its-series-is-named", "4791 4.1", several((SECOND, *AT_THREE), SERIES), MOVED),
    Case(
        "moved-by-local-time",
        "5545 3.8.4.4",
        several(SERIES, ("RECURRENCE-ID;TZID=Europe/Berlin:20261202T100000", *AT_THREE)),
        MOVED,
    ),
    Case(
        "moved-by-another-zones-time",
        "5545 3.8.4.4",
        several(SERIES, ("RECURRENCE-ID;TZID=Asia/Tokyo:20261202T180000", *AT_THREE)),
        MOVED,
    ),
    Case("moved-by-a-date", "the safe side", several(SERIES, ("RECURRENCE-ID;VALUE=DATE:20261202", *AT_THREE)), MOVED),
    Case(
        "moved-by-no-zones-time",
        "5545 3.8.4.4",
        several(
            ("DTSTART;TZID=America/New_York:20261201T040000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4"),
            ("RECURRENCE-ID:20261202T040000", "DTSTART;TZID=America/New_York:20261202T100000", "DURATION:PT2H"),
        ),
        MOVED,
    ),
    Case(
        "moved-into-another-zone-by-a-floating-time",
        "5545 3.8.4.4",
        several(
            ("DTSTART:20261201T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4"),
            ("RECURRENCE-ID:20261202T100000", *AT_THREE),
        ),
        MOVED,
    ),
    Case(
        "moved-into-another-zone-by-a-time-of-the-series",
        "5545 3.8.4.4",
        several(SERIES, ("RECURRENCE-ID:20261202T100000", *AT_THREE)),
        MOVED,
    ),
    Case(
        "moved-into-the-window",
        "5545 3.8.4.4",
        several((*TEN, "RRULE:FREQ=MONTHLY;COUNT=3"), ("RECURRENCE-ID:20270101T090000Z", *AT_THREE)),
        f"{days(1)} 1202T1500-1202T1700",
    ),
    Case(
        "moved-out-of-the-window",
        "5545 3.8.4.4",
        several(SERIES, (SECOND, "DTSTART:20270601T090000Z", "DURATION:PT1H")),
        days(1, 3, 4),
    ),
    Case(
        "longer",
        "5545 3.8.4.4",
        several(SERIES, (SECOND, "DTSTART:20261202T090000Z", "DURATION:PT3H")),
        f"{days(1)} 1202T0900-1202T1200 {days(3, 4)}",
    ),
    Case(
        "without-a-length-of-its-own",
        "5545 3.6.1",
        several(SERIES, (SECOND, "DTSTART:20261202T150000Z")),
        days(1, 3, 4),
    ),
    Case(
        "instance-becomes-a-day",
        "5545 3.8.4.4",
        several(SERIES, (SECOND, "DTSTART;VALUE=DATE:20261202")),
        f"{days(1)} 1201T2300-1202T2300 {days(3, 4)}",
    ),
    Case(
        "day-becomes-an-hour",
        "5545 3.8.4.4",
        several(
            ("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3"),
            ("RECURRENCE-ID;VALUE=DATE:20261202", *AT_THREE),
        ),
        "1130T2300-1201T2300 1202T1500-1202T1700 1202T2300-1203T2300",
    ),
    Case(
        "day-named-by-its-midnight",
        "5545 3.8.4.4",
        several(
            ("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3"), ("RECURRENCE-ID:20261201T230000Z", *AT_THREE)
        ),
        "1130T2300-1201T2300 1202T1500-1202T1700 1202T2300-1203T2300",
    ),
    Case(
        "day-named-by-a-midnight-in-utc",
        "5545 3.8.4.4",
        several(
            ("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3"), ("RECURRENCE-ID:20261202T000000Z", *AT_THREE)
        ),
        "1201T0500-1202T0500 1202T1500-1202T1700 1203T0500-1204T0500",
        zone="America/New_York",
    ),
    Case(
        "day-excepted-by-a-midnight-in-utc",
        "5545 3.8.5.1",
        several(("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T000000Z")),
        "1201T0500-1202T0500 1203T0500-1204T0500",
        zone="America/New_York",
    ),
    Case(
        "day-excepted-by-a-midnight-elsewhere",
        "5545 3.8.5.1",
        several(("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Asia/Tokyo:20261202T000000")),
        "1201T0500-1202T0500 1203T0500-1204T0500",
        zone="America/New_York",
    ),
    Case(
        "day-added-by-a-midnight-in-utc",
        "5545 3.8.5.2",
        several(("DTSTART;VALUE=DATE:20261201", "RDATE:20261203T000000Z")),
        "1201T0500-1202T0500 1203T0500-1204T0500",
        zone="America/New_York",
    ),
    Case(
        "days-until-the-owners-midnight-in-utc",
        "5545 3.3.10",
        several(("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;UNTIL=20261202T230000Z")),
        "1130T2300-1203T2300",
    ),
    Case(
        "instance-cancelled", "5545 3.8.1.11", several(SERIES, (SECOND, *AT_THREE, "STATUS:CANCELLED")), days(1, 3, 4)
    ),
    Case("instance-free", "5545 3.8.2.7", several(SERIES, (SECOND, *AT_THREE, "TRANSP:TRANSPARENT")), days(1, 3, 4)),
    Case(
        "instance-busy-in-a-free-series",
        "5545 3.8.2.7",
        several((*SERIES, "TRANSP:TRANSPARENT"), (SECOND, *AT_THREE, "TRANSP:OPAQUE")),
        "1202T1500-1202T1700",
    ),
    Case(
        "instance-declined",
        "5545 3.2.12",
        several(SERIES, (SECOND, *AT_THREE, "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com")),
        days(1, 3, 4),
    ),
    Case(
        "instance-accepted-in-a-declined-series",
        "5545 3.2.12",
        several(
            (*SERIES, "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com"),
            (SECOND, *AT_THREE, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com"),
        ),
        "1202T1500-1202T1700",
    ),
    Case(
        "cancelled-series-with-a-live-instance",
        "4791 4.1",
        several((*SERIES, "STATUS:CANCELLED"), (SECOND, *AT_THREE)),
        "1202T1500-1202T1700",
    ),
    Case(
        "older-sequence-than-its-series",
        "4791 4.1",
        several((*SERIES, "SEQUENCE:9"), (SECOND, *AT_THREE, "SEQUENCE:1")),
        MOVED,
    ),
    Case(
        "twice-the-newer-sequence-counts",
        "5546 2.1.4",
        several(
            SERIES,
            (SECOND, *AT_THREE, "SEQUENCE:3"),
            (SECOND, "DTSTART:20261209T090000Z", "DURATION:PT1H", "SEQUENCE:2"),
        ),
        MOVED,
    ),
    Case("without-its-series", "4791 4.1", several((SECOND, *AT_THREE)), "1202T1500-1202T1700"),
    Case(
        "of-an-instance-that-is-none",
        "the safe side",
        several(SERIES, ("RECURRENCE-ID:20261202T111500Z", *AT_THREE)),
        f"{days(1, 2)} 1202T1500-1202T1700 {days(3, 4)}",
    ),
    Case(
        "of-an-excepted-instance",
        "the safe side",
        several((*SERIES, "EXDATE:20261202T090000Z"), (SECOND, *AT_THREE)),
        MOVED,
    ),
    Case(
        "of-an-added-date",
        "5545 3.8.4.4",
        several((*TEN, "RDATE:20261205T090000Z"), ("RECURRENCE-ID:20261205T090000Z", *AT_THREE)),
        f"{days(1)} 1202T1500-1202T1700",
    ),
    Case(
        "this-and-all-later-shifted",
        "5545 3.2.13",
        several(
            SERIES, ("RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T090000Z", "DTSTART:20261203T120000Z", "DURATION:PT2H")
        ),
        f"{days(1, 2)} 1203T1200-1203T1400 1204T1200-1204T1400",
    ),
    Case(
        "this-and-all-later-cancelled",
        "5545 3.2.13",
        several(
            SERIES,
            (
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T090000Z",
                "DTSTART:20261203T090000Z",
                "DURATION:PT1H",
                "STATUS:CANCELLED",
            ),
        ),
        days(1, 2),
    ),
    Case(
        "one-within-all-later",
        "5545 3.2.13",
        several(
            SERIES,
            ("RECURRENCE-ID;RANGE=THISANDFUTURE:20261202T090000Z", "DTSTART:20261202T120000Z", "DURATION:PT1H"),
            ("RECURRENCE-ID:20261203T090000Z", "DTSTART:20261203T180000Z", "DURATION:PT1H"),
        ),
        f"{days(1)} 1202T1200-1202T1300 1203T1800-1203T1900 1204T1200-1204T1300",
    ),
    Case(
        "shifted-keeps-the-wall-clock",
        "5545 3.2.13",
        several(
            ("DTSTART;TZID=Europe/Berlin:20270326T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
            (
                "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270327T100000",
                "DTSTART;TZID=Europe/Berlin:20270327T120000",
                "DURATION:PT1H",
            ),
        ),
        "0326T0900-0326T1000 0327T1100-0327T1200 0328T1000-0328T1100",
        window=between("2027-03-25", "2027-04-05"),
    ),
    Case("same-name-twice", "the safe side", several(TEN, ("DTSTART:20261203T090000Z", "DURATION:PT1H")), days(1, 3)),
    Case(
        "same-name-and-start-twice",
        "the safe side",
        several(TEN, ("DTSTART:20261201T090000Z", "DURATION:PT4H")),
        "1201T0900-1201T1300",
    ),
    Case(
        "instance-that-cannot-be-read",
        "the safe side",
        several(SERIES, (SECOND, "DTSTART:20261206T150000Z", "DTEND:whenever")),
        f"{days(1, 2, 3, 4)} 1205T2300-1206T2300",
    ),
]
