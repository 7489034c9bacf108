"""Starts, ends and durations (RFC 5545 3.3.4 to 3.3.6, 3.6.1, 3.8.2)."""

from tests.integrations.providers.busy_cases.case import Case, between, one, several

OCTOBER = between("2026-10-20", "2026-11-02")
MARCH = between("2027-03-25", "2027-04-05")
NEW_YORK = "America/New_York"

CASES = [
    Case(
        "utc-start-and-end",
        "5545 3.3.5",
        one("DTSTART:20261202T140000Z", "DTEND:20261202T150000Z"),
        "1202T1400-1202T1500",
    ),
    Case(
        "utc-is-the-same-for-everyone",
        "5545 3.3.5",
        one("DTSTART:20261202T140000Z", "DTEND:20261202T150000Z"),
        "1202T1400-1202T1500",
        zone="Pacific/Auckland",
    ),
    Case(
        "floating-is-local",
        "5545 3.3.5",
        one("DTSTART:20261202T140000", "DTEND:20261202T150000"),
        "1202T1900-1202T2000",
        zone=NEW_YORK,
    ),
    Case(
        "floating-start-with-utc-end",
        "5545 3.3.5",
        one("DTSTART:20261202T140000", "DTEND:20261202T150000Z"),
        "1202T1300-1202T1500",
    ),
    Case(
        "start-and-end-in-two-zones",
        "5545 3.8.2.2",
        one("DTSTART;TZID=Europe/Berlin:20261202T140000", "DTEND;TZID=America/New_York:20261202T170000"),
        "1202T1300-1202T2200",
    ),
    Case(
        "past-midnight", "5545 3.6.1", one("DTSTART:20261202T220000Z", "DTEND:20261203T020000Z"), "1202T2200-1203T0200"
    ),
    Case("day-without-an-end", "5545 3.6.1", one("DTSTART;VALUE=DATE:20261202"), "1202T0500-1203T0500", zone=NEW_YORK),
    Case(
        "day-with-its-own-date-as-end",
        "5545 3.8.2.2",
        one("DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261202"),
        "1201T2300-1202T2300",
    ),
    Case(
        "days-end-before-the-last-date",
        "5545 3.6.1",
        one("DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261205"),
        "1201T2300-1204T2300",
    ),
    Case(
        "days-over-the-end-of-summer-time",
        "5545 3.3.4",
        one("DTSTART;VALUE=DATE:20261023", "DTEND;VALUE=DATE:20261027"),
        "1022T2200-1026T2300",
        window=OCTOBER,
    ),
    Case(
        "days-over-the-begin-of-summer-time",
        "5545 3.3.4",
        one("DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329"),
        "0326T2300-0328T2200",
        window=MARCH,
    ),
    Case("days-by-duration", "5545 3.3.6", one("DTSTART;VALUE=DATE:20261202", "DURATION:P2D"), "1201T2300-1203T2300"),
    Case(
        "day-whose-midnight-does-not-exist",
        "5545 3.3.4",
        one("DTSTART;VALUE=DATE:20260424"),
        "0423T2200-0424T2100",
        zone="Africa/Cairo",
        window=between("2026-04-20", "2026-04-30"),
    ),
    Case("date-without-saying-so", "5545 3.8.2.4", one("DTSTART:20261202", "DTEND:20261203"), "1201T2300-1202T2300"),
    Case(
        "date-with-a-zone-is-still-local",
        "5545 3.2.19",
        one("DTSTART;VALUE=DATE;TZID=Asia/Tokyo:20261202"),
        "1201T2300-1202T2300",
    ),
    Case(
        "day-that-ends-at-a-time",
        "5545 3.8.2.2",
        one("DTSTART;VALUE=DATE:20261202", "DTEND:20261202T120000Z"),
        "1201T2300-1202T1200",
    ),
    Case(
        "time-that-ends-with-its-day",
        "5545 3.8.2.2",
        one("DTSTART:20261202T140000Z", "DTEND;VALUE=DATE:20261202"),
        "1202T1400-1202T2300",
    ),
    Case(
        "time-that-ends-on-a-later-date",
        "5545 3.8.2.2",
        one("DTSTART:20261202T140000Z", "DTEND;VALUE=DATE:20261204"),
        "1202T1400-1203T2300",
    ),
    Case("start-alone-takes-no-time", "5545 3.6.1", one("DTSTART:20261202T140000Z"), ""),
    Case(
        "end-at-the-start-takes-no-time", "5545 3.8.2.2", one("DTSTART:20261202T140000Z", "DTEND:20261202T140000Z"), ""
    ),
    Case(
        "end-before-the-start-takes-no-time",
        "5545 3.8.2.2",
        one("DTSTART:20261202T140000Z", "DTEND:20261202T130000Z"),
        "",
    ),
    Case(
        "last-date-before-the-first",
        "5545 3.8.2.2",
        one("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261201"),
        "",
    ),
    Case("negative-duration-takes-no-time", "5545 3.8.2.5", one("DTSTART:20261202T140000Z", "DURATION:-PT45M"), ""),
    Case("duration-of-nothing", "5545 3.3.6", one("DTSTART:20261202T140000Z", "DURATION:PT0S"), ""),
    Case(
        "duration-in-all-its-parts",
        "5545 3.3.6",
        one("DTSTART:20261202T140000Z", "DURATION:P1DT2H3M60S"),
        "1202T1400-1203T1604",
    ),
    Case(
        "duration-with-a-plus", "5545 3.3.6", one("DTSTART:20261202T140000Z", "DURATION:+PT90M"), "1202T1400-1202T1530"
    ),
    Case("duration-of-a-week", "5545 3.3.6", one("DTSTART:20261202T140000Z", "DURATION:P1W"), "1202T1400-1209T1400"),
    Case(
        "week-is-nominal",
        "5545 3.3.6",
        one("DTSTART;TZID=Europe/Berlin:20261022T120000", "DURATION:P1W"),
        "1022T1000-1029T1100",
        window=OCTOBER,
    ),
    Case(
        "day-of-duration-is-nominal",
        "5545 3.3.6",
        one("DTSTART;TZID=Europe/Berlin:20261024T180000", "DURATION:P1D"),
        "1024T1600-1025T1700",
        window=OCTOBER,
    ),
    Case(
        "24-hours-are-exact",
        "5545 3.3.6",
        one("DTSTART;TZID=Europe/Berlin:20261024T180000", "DURATION:PT24H"),
        "1024T1600-1025T1600",
        window=OCTOBER,
    ),
    Case(
        "days-first-then-hours",
        "5545 3.3.6",
        one("DTSTART;TZID=Europe/Berlin:20270327T230000", "DURATION:P1DT3H"),
        "0327T2200-0329T0000",
        window=MARCH,
    ),
    Case(
        "end-counts-before-a-duration",
        "5545 3.6.1",
        one("DTSTART:20261202T140000Z", "DTEND:20261202T150000Z", "DURATION:PT3H"),
        "1202T1400-1202T1500",
    ),
    Case(
        "skipped-start-moves-forward",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20270328T022000", "DURATION:PT1H"),
        "0328T0120-0328T0220",
        window=MARCH,
    ),
    Case(
        "skipped-start-of-a-floating-time",
        "5545 3.3.5",
        one("DTSTART:20270328T022000", "DURATION:PT1H"),
        "0328T0120-0328T0220",
        window=MARCH,
    ),
    Case(
        "skipped-start-and-end",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20270328T022000", "DTEND;TZID=Europe/Berlin:20270328T025000"),
        "0328T0120-0328T0150",
        window=MARCH,
    ),
    Case(
        "skipped-start-past-its-end",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20270328T022000", "DTEND;TZID=Europe/Berlin:20270328T031000"),
        "0328T0120-0328T0210",
        window=MARCH,
    ),
    Case(
        "over-the-skipped-hour",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20270328T013000", "DTEND;TZID=Europe/Berlin:20270328T033000"),
        "0328T0030-0328T0130",
        window=MARCH,
    ),
    Case(
        "doubled-hour-is-the-first",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20261025T021500", "DURATION:PT30M"),
        "1025T0015-1025T0045",
        window=OCTOBER,
    ),
    Case(
        "over-the-doubled-hour",
        "5545 3.3.5",
        one("DTSTART;TZID=Europe/Berlin:20261025T013000", "DTEND;TZID=Europe/Berlin:20261025T033000"),
        "1024T2330-1025T0230",
        window=OCTOBER,
    ),
    Case(
        "leap-second", "5545 3.3.12", one("DTSTART:20261202T140000Z", "DTEND:20261202T145960Z"), "1202T1400-1202T1459"
    ),
    Case(
        "overlapping-ones-merge",
        "4791 7.10",
        several(("DTSTART:20261202T140000Z", "DURATION:PT1H"), ("DTSTART:20261202T143000Z", "DURATION:PT1H")),
        "1202T1400-1202T1530",
    ),
    Case(
        "touching-the-window-is-outside",
        "4791 9.9",
        several(("DTSTART:20261128T230000Z", "DTEND:20261129T000000Z"), ("DTSTART:20261215T000000Z", "DURATION:PT1H")),
        "",
    ),
    Case(
        "cut-by-the-window",
        "4791 9.9",
        one("DTSTART:20261101T000000Z", "DTEND:20270101T000000Z"),
        "1129T0000-1215T0000",
    ),
    Case(
        "start-that-cannot-be-read",
        "5545 3.6.1",
        several(("DTSTART:someday", "DURATION:PT1H"), ("DTSTART:20261202T140000Z", "DURATION:PT1H")),
        "1202T1400-1202T1500",
    ),
    Case(
        "start-with-dashes-and-colons-blocks-its-day",
        "the safe side",
        one("DTSTART:2026-12-02T14:00:00Z", "DURATION:PT1H"),
        "1201T2300-1202T2300",
    ),
    Case(
        "start-with-an-offset-blocks-its-day",
        "5545 3.3.5",
        one("DTSTART:20261202T140000-0500", "DURATION:PT1H"),
        "1201T2300-1202T2300",
    ),
    Case("start-that-no-calendar-has", "5545 3.3.4", one("DTSTART:20261232T140000Z", "DURATION:PT1H"), ""),
    Case(
        "no-start-beside-a-good-one",
        "5545 3.6.1",
        several(("SUMMARY:lost",), ("DTSTART:20261202T140000Z", "DURATION:PT1H")),
        "1202T1400-1202T1500",
    ),
    Case(
        "end-that-cannot-be-read-blocks-the-day",
        "the safe side",
        one("DTSTART:20261202T140000Z", "DTEND:later"),
        "1201T2300-1202T2300",
    ),
    Case(
        "duration-that-cannot-be-read-blocks-the-day",
        "the safe side",
        one("DTSTART;TZID=America/New_York:20261202T200000", "DURATION:long"),
        "1202T2300-1203T2300",
    ),
]
