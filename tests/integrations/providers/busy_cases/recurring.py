"""Recurrence sets: rules, added and excepted dates (RFC 5545 3.3.10, 3.8.5; RFC 7529). 1 December 2026 is a Tuesday."""

from tests.integrations.providers.busy_cases.case import Case, between, one

TEN = ("DTSTART;TZID=Europe/Berlin:20261201T100000", "DURATION:PT1H")
WINTER = between("2026-12-01", "2027-03-31")
MARCH = between("2027-03-25", "2027-04-05")


def rule(text: str, *lines: str) -> str:
    return one(*TEN, f"RRULE:{text}", *lines)


def days(*numbers: int) -> str:
    """Nine to ten UTC on these days of December."""
    return " ".join(f"12{day:02}T0900-12{day:02}T1000" for day in numbers)


CASES = [
    Case("daily-by-count", "5545 3.3.10", rule("FREQ=DAILY;COUNT=3"), days(1, 2, 3)),
    Case("every-third-day", "5545 3.3.10", rule("FREQ=DAILY;INTERVAL=3;COUNT=4"), days(1, 4, 7, 10)),
    Case("for-ever", "5545 3.3.10", rule("FREQ=WEEKLY"), days(1, 8)),
    Case("until-is-inclusive", "5545 3.3.10", rule("FREQ=DAILY;UNTIL=20261203T090000Z"), days(1, 2, 3)),
    Case("until-a-second-too-early", "5545 3.3.10", rule("FREQ=DAILY;UNTIL=20261203T085959Z"), days(1, 2)),
    Case("until-without-a-zone-is-local", "5545 3.3.10", rule("FREQ=DAILY;UNTIL=20261203T100000"), days(1, 2, 3)),
    Case("until-a-date-includes-it", "5545 3.3.10", rule("FREQ=DAILY;UNTIL=20261203"), days(1, 2, 3)),
    Case(
        "until-in-utc-is-not-local",
        "5545 3.3.10",
        one(
            "DTSTART;TZID=America/New_York:20261201T210000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20261203T010000Z"
        ),
        "1202T0200-1202T0300",
    ),
    Case("until-before-the-start-leaves-the-start", "5545 3.8.5.3", rule("FREQ=DAILY;UNTIL=20261101T000000Z"), days(1)),
    Case("until-the-end-of-time", "5545 3.3.10", rule("FREQ=WEEKLY;UNTIL=99991231T235959Z"), days(1, 8)),
    Case(
        "days-until-a-time",
        "5545 3.3.10",
        one("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;UNTIL=20261202T000000Z"),
        "1130T2300-1202T2300",
    ),
    Case("count-and-until", "5545 3.3.10", rule("FREQ=DAILY;COUNT=6;UNTIL=20261202T090000Z"), days(1, 2)),
    Case(
        "excepted-ones-count",
        "5545 3.8.5.1",
        rule("FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261202T100000"),
        days(1, 3),
    ),
    Case(
        "start-excepted",
        "5545 3.8.5.1",
        rule("FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261201T100000"),
        days(2, 3),
    ),
    Case("excepted-in-utc", "5545 3.8.5.1", rule("FREQ=DAILY;COUNT=3", "EXDATE:20261202T090000Z"), days(1, 3)),
    Case(
        "excepted-in-another-zone",
        "5545 3.8.5.1",
        rule("FREQ=DAILY;COUNT=3", "EXDATE;TZID=Asia/Tokyo:20261202T180000"),
        days(1, 3),
    ),
    Case(
        "excepted-in-no-zone",
        "5545 3.8.5.1",
        one(
            "DTSTART;TZID=America/New_York:20261201T040000",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=3",
            "EXDATE:20261202T040000",
        ),
        days(1, 3),
    ),
    Case(
        "excepted-at-another-time-is-not",
        "5545 3.8.5.1",
        rule("FREQ=DAILY;COUNT=2", "EXDATE:20261202T080000Z"),
        days(1, 2),
    ),
    Case("excepted-by-date", "5545 3.8.5.1", rule("FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261202"), days(1, 3)),
    Case(
        "excepted-by-the-dozen",
        "5545 3.8.5.1",
        rule("FREQ=DAILY;COUNT=6", "EXDATE:20261202T090000Z,20261203T090000Z", "EXDATE:20261205T090000Z"),
        days(1, 4, 6),
    ),
    Case(
        "exception-that-cannot-be-read",
        "the safe side",
        rule("FREQ=DAILY;COUNT=2", "EXDATE:never,20261202T090000Z"),
        days(1),
    ),
    Case("exception-of-nothing", "the safe side", rule("FREQ=DAILY;COUNT=2", "EXDATE:"), days(1, 2)),
    Case(
        "day-excepted-by-time",
        "5545 3.8.5.1",
        one("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261202T000000"),
        "1130T2300-1201T2300 1202T2300-1203T2300",
    ),
    Case(
        "exception-rule", "2445 4.8.5.2", rule("FREQ=DAILY;COUNT=6", "EXRULE:FREQ=DAILY;INTERVAL=3"), days(2, 3, 5, 6)
    ),
    Case("dates-alone", "5545 3.8.5.2", one(*TEN, "RDATE:20261204T090000Z,20261206T090000Z"), days(1, 4, 6)),
    Case("dates-in-another-zone", "5545 3.8.5.2", one(*TEN, "RDATE;TZID=Asia/Tokyo:20261204T180000"), days(1, 4)),
    Case("dates-the-rule-has-too", "5545 3.8.5.2", rule("FREQ=DAILY;COUNT=3", "RDATE:20261202T090000Z"), days(1, 2, 3)),
    Case("date-without-a-time-has-the-starts", "5545 3.8.5.2", one(*TEN, "RDATE;VALUE=DATE:20261204"), days(1, 4)),
    Case(
        "added-whole-day",
        "5545 3.8.5.2",
        one("DTSTART;VALUE=DATE:20261201", "RDATE;VALUE=DATE:20261204"),
        "1130T2300-1201T2300 1203T2300-1204T2300",
    ),
    Case("added-and-excepted", "5545 3.8.5.1", one(*TEN, "RDATE:20261204T090000Z", "EXDATE:20261204T090000Z"), days(1)),
    Case(
        "period-with-a-duration",
        "5545 3.3.9",
        one(*TEN, "RDATE;VALUE=PERIOD:20261204T120000Z/PT2H30M"),
        f"{days(1)} 1204T1200-1204T1430",
    ),
    Case(
        "period-with-an-end",
        "5545 3.3.9",
        one(*TEN, "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20261204T120000/20261204T160000"),
        f"{days(1)} 1204T1100-1204T1500",
    ),
    Case(
        "two-rules",
        "5545 3.8.5.3",
        rule("FREQ=DAILY;COUNT=2", "RRULE:FREQ=DAILY;INTERVAL=5;COUNT=3"),
        days(1, 2, 6, 11),
    ),
    Case("weekdays", "5545 3.3.10", rule("FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4"), days(1, 4, 8, 11)),
    Case(
        "numbers-of-weekdays-in-weeks-say-nothing",
        "5545 3.3.10",
        rule("FREQ=WEEKLY;BYDAY=1TU,2FR;COUNT=3"),
        days(1, 4, 8),
    ),
    Case(
        "weeks-from-monday",
        "5545 3.8.5.3",
        rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=3"),
        "1201T0900-1201T1000 1206T0900-1206T1000",
    ),
    Case(
        "weeks-from-sunday",
        "5545 3.8.5.3",
        rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=3"),
        "1201T0900-1201T1000 1213T0900-1213T1000",
    ),
    Case("start-the-rule-does-not-have", "5545 3.8.5.3", rule("FREQ=WEEKLY;BYDAY=WE;COUNT=2"), days(1, 2, 9)),
    Case(
        "weekday-of-the-owners-zone",
        "5545 3.3.10",
        one("DTSTART;TZID=Asia/Tokyo:20261202T080000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"),
        "1201T2300-1202T0000 1208T2300-1209T0000",
    ),
    Case(
        "month-without-a-31st",
        "5545 3.3.10",
        one("DTSTART:20261231T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY"),
        "1231T0900-1231T1000 0131T0900-0131T1000",
        window=WINTER,
    ),
    Case(
        "last-day-of-the-month",
        "5545 3.3.10",
        one("DTSTART:20261231T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"),
        "1231T0900-1231T1000 0131T0900-0131T1000 0228T0900-0228T1000",
        window=WINTER,
    ),
    Case(
        "second-tuesday",
        "5545 3.3.10",
        rule("FREQ=MONTHLY;BYDAY=2TU;COUNT=2"),
        "1201T0900-1201T1000 1208T0900-1208T1000 0112T0900-0112T1000",
        window=WINTER,
    ),
    Case(
        "last-workday-of-the-month",
        "5545 3.3.10",
        one("DTSTART:20261231T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"),
        "1231T0900-1231T1000 0129T0900-0129T1000 0226T0900-0226T1000",
        window=WINTER,
    ),
    Case(
        "friday-the-13th",
        "5545 3.8.5.3",
        one("DTSTART:20261113T090000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
        "0813T0900-0813T1000",
        window=between("2026-11-14", "2027-10-14"),
    ),
    Case(
        "skip-back-to-the-last-day",
        "7529 4.1",
        one("DTSTART:20261231T090000Z", "DURATION:PT1H", "RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3"),
        "1231T0900-1231T1000 0131T0900-0131T1000 0228T0900-0228T1000",
        window=WINTER,
    ),
    Case(
        "skip-forward-to-the-next-month",
        "7529 4.1",
        one("DTSTART:20261231T090000Z", "DURATION:PT1H", "RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;COUNT=3"),
        "1231T0900-1231T1000 0131T0900-0131T1000 0301T0900-0301T1000",
        window=WINTER,
    ),
    Case(
        "leap-day-only-in-leap-years",
        "5545 3.3.10",
        one("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"),
        "0228T2300-0229T2300",
        window=between("2025-01-01", "2029-01-01"),
    ),
    Case(
        "leap-day-skipped-back",
        "7529 4.1",
        one("DTSTART;VALUE=DATE:20240229", "RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD"),
        "0227T2300-0228T2300",
        window=between("2027-01-01", "2028-01-01"),
    ),
    Case(
        "week-53",
        "5545 3.3.10",
        one("DTSTART:20201228T090000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"),
        "1228T0900-1228T1000",
        window=between("2021-01-01", "2027-01-10"),
    ),
    Case(
        "hundredth-day-of-the-year",
        "5545 3.3.10",
        one("DTSTART:20260410T090000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYYEARDAY=100,-1"),
        "1231T0900-1231T1000 0410T0900-0410T1000",
        window=between("2026-12-01", "2027-05-01"),
    ),
    Case(
        "every-six-hours",
        "5545 3.3.10",
        one("DTSTART:20261201T200000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;INTERVAL=6;COUNT=3"),
        "1201T2000-1201T2100 1202T0200-1202T0300 1202T0800-1202T0900",
    ),
    Case(
        "every-ninety-minutes",
        "5545 3.3.10",
        one("DTSTART:20261201T200000Z", "DURATION:PT5M", "RRULE:FREQ=MINUTELY;INTERVAL=90;COUNT=3"),
        "1201T2000-1201T2005 1201T2130-1201T2135 1201T2300-1201T2305",
    ),
    Case(
        "twice-a-day",
        "5545 3.3.10",
        rule("FREQ=DAILY;BYHOUR=10,15;BYMINUTE=30;COUNT=3"),
        "1201T0900-1201T1030 1201T1430-1201T1530 1202T0930-1202T1030",
    ),
    Case(
        "wall-clock-over-a-clock-change",
        "5545 3.3.10",
        one("DTSTART;TZID=Europe/Berlin:20270327T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
        "0327T0900-0327T1000 0328T0800-0328T0900 0329T0800-0329T0900",
        window=MARCH,
    ),
    Case(
        "skipped-time-is-no-instance-and-not-counted",
        "5545 3.3.10",
        one("DTSTART;TZID=Europe/Berlin:20270327T021500", "DURATION:PT15M", "RRULE:FREQ=DAILY;COUNT=3"),
        "0327T0115-0327T0130 0329T0015-0329T0030 0330T0015-0330T0030",
        window=MARCH,
    ),
    Case(
        "day-whose-midnight-is-skipped-is-an-instance",
        "5545 3.3.4",
        one("DTSTART;VALUE=DATE:20260423", "RRULE:FREQ=DAILY;COUNT=3"),
        "0422T2200-0425T2100",
        zone="Africa/Cairo",
        window=between("2026-04-20", "2026-04-30"),
    ),
    Case(
        "length-by-an-end-is-exact",
        "5545 3.8.5.3",
        one(
            "DTSTART;TZID=Europe/Berlin:20270326T220000",
            "DTEND;TZID=Europe/Berlin:20270327T060000",
            "RRULE:FREQ=DAILY;COUNT=2",
        ),
        "0326T2100-0327T0500 0327T2100-0328T0500",
        window=MARCH,
    ),
    Case(
        "length-by-a-day-is-nominal",
        "5545 3.8.5.3",
        one("DTSTART;TZID=Europe/Berlin:20270327T220000", "DURATION:P1D", "RRULE:FREQ=WEEKLY;COUNT=1"),
        "0327T2100-0328T2000",
        window=MARCH,
    ),
    Case(
        "tail-of-an-earlier-instance",
        "4791 9.9",
        one("DTSTART:20261120T090000Z", "DURATION:P10D", "RRULE:FREQ=YEARLY"),
        "1129T0000-1130T0900",
    ),
    Case(
        "long-ago-and-still-going",
        "5545 3.3.10",
        one("DTSTART:16010102T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU"),
        days(1, 8),
    ),
    Case("rule-that-is-none-blocks-the-day", "the safe side", rule("FREQ=NOW"), "1130T2300-1201T2300"),
    Case("rule-with-an-interval-of-none", "the safe side", rule("FREQ=DAILY;INTERVAL=0"), "1130T2300-1201T2300"),
    Case("rule-by-another-calendar", "7529 4.1", rule("RSCALE=HEBREW;FREQ=YEARLY"), "1130T2300-1201T2300"),
    Case("rule-with-words-of-its-maker", "5545 3.3.10", rule("FREQ=DAILY;X-MADE-BY=ME;COUNT=2;"), days(1, 2)),
    Case("free-event-with-a-broken-rule-stays-free", "5545 3.8.2.7", rule("FREQ=NOW", "TRANSP:TRANSPARENT"), ""),
]
