"""Content lines as they come: folded, cut, in other letters, with what does not belong (RFC 5545 3.1, 3.6)."""

from tests.integrations.providers.busy_cases.case import Case, one
from tests.integrations.providers.objects import vcalendar, vevent

BUSY = "1202T1400-1202T1500"
EVENT = vevent("DTSTART:20261202T140000Z", "DTEND:20261202T150000Z", "SUMMARY:Tea")
PLAIN = vcalendar(EVENT)
ALARM = "\r\n".join(
    ["BEGIN:VALARM", "UID:alarm", "DURATION:PT9H", "TRIGGER:-PT5M", "DTSTART:20261209T140000Z", "END:VALARM"]
)


def beside(kind: str, *lines: str) -> str:
    return vcalendar("\r\n".join([f"BEGIN:{kind}", "UID:other", *lines, f"END:{kind}"]), EVENT)


CASES = [
    Case("line-feeds-only", "5545 3.1", PLAIN.replace("\r\n", "\n"), BUSY),
    Case("carriage-returns-only", "5545 3.1", PLAIN.replace("\r\n", "\r"), BUSY),
    Case(
        "carriage-return-too-many",
        "5545 3.1",
        PLAIN.replace("20261202T14", "20261202\r\n T14").replace("\n", "\r\n"),
        BUSY,
    ),
    Case("blank-lines", "5545 3.1", PLAIN.replace("\r\n", "\r\n\r\n"), BUSY),
    Case("nothing-after-the-last-line", "5545 3.1", PLAIN.rstrip(), BUSY),
    Case("byte-order-mark", "5545 3.1.4", b"\xef\xbb\xbf" + PLAIN.encode(), BUSY),
    Case("wide-characters", "5545 3.1.4", PLAIN.encode("utf-16"), BUSY),
    Case("latin-characters", "5545 3.1.4", PLAIN.replace("Tea", "Tée").encode("latin-1"), BUSY),
    Case("folded-name", "5545 3.1", PLAIN.replace("DTSTART", "DTS\r\n TART"), BUSY),
    Case("folded-value", "5545 3.1", PLAIN.replace("20261202T14", "20261202\r\n\tT14"), BUSY),
    Case(
        "folded-after-each-character", "5545 3.1", "\r\n".join("\r\n ".join(line) for line in PLAIN.split("\r\n")), BUSY
    ),
    Case("folded-within-a-character", "5545 3.1", PLAIN.encode().replace(b"Tea", b"T\xc3\r\n \xa9"), BUSY),
    Case(
        "small-letters", "5545 2", PLAIN.lower().replace("t14", "T14").replace("t15", "T15").replace("00z", "00Z"), BUSY
    ),
    Case("small-letters-in-times-too", "5545 2", PLAIN.lower(), BUSY),
    Case("blanks-around-a-time", "the safe side", PLAIN.replace(":20261202T140000Z", ": 20261202T140000Z "), BUSY),
    Case("line-without-a-colon", "5545 3.1", PLAIN.replace("SUMMARY:Tea", "no line at all\r\nSUMMARY:Tea"), BUSY),
    Case("quote-too-many", "5545 3.2", one('DTSTART;TZID="Europe/Berlin:20261202T150000', "DURATION:PT1H"), BUSY),
    Case("colon-in-quotes", "5545 3.2", one('DTSTART;X-NOTE="a:b;c":20261202T140000Z', "DURATION:PT1H"), BUSY),
    Case("parameter-without-a-value", "5545 3.2", one("DTSTART;VALUE:20261202T140000Z", "DURATION:PT1H"), BUSY),
    Case(
        "property-in-a-description",
        "5545 3.3.11",
        one("DESCRIPTION:Dear all\\nDTSTART:20261209T140000Z", "DTSTART:20261202T140000Z", "DURATION:PT1H"),
        BUSY,
    ),
    Case("alarm-keeps-its-own", "5545 3.6.6", PLAIN.replace("DTSTART", f"{ALARM}\r\nDTSTART", 1), BUSY),
    Case(
        "alarm-without-an-end", "5545 3.6.6", PLAIN.replace("END:VEVENT", "BEGIN:VALARM\r\nUID:a\r\nEND:VEVENT"), BUSY
    ),
    Case(
        "stamped-twice",
        "5545 3.6.1",
        one("DTSTAMP:20261101T000000Z", "DTSTAMP:20261101T000001Z", "DTSTART:20261202T140000Z", "DURATION:PT1H"),
        BUSY,
    ),
    Case("task-beside", "4791 7.10", beside("VTODO", "DTSTART:20261203T140000Z", "DUE:20261203T160000Z"), BUSY),
    Case("journal-beside", "4791 7.10", beside("VJOURNAL", "DTSTART:20261203T140000Z"), BUSY),
    Case("unknown-component-beside", "5545 3.6", beside("X-PARTY", "DTSTART:20261203T140000Z", "DURATION:PT1H"), BUSY),
    Case(
        "two-events-of-two-names",
        "4791 4.1",
        vcalendar(EVENT, vevent("DTSTART:20261204T140000Z", "DURATION:PT1H", uid="w")),
        f"{BUSY} 1204T1400-1204T1500",
    ),
    Case(
        "two-calendars-in-one",
        "5545 3.4",
        PLAIN + one("DTSTART:20261204T140000Z", "DURATION:PT1H"),
        f"{BUSY} 1204T1400-1204T1500",
    ),
    Case(
        "event-between-a-time-zone-without-an-end-and-another",
        "the safe side",
        vcalendar("BEGIN:VTIMEZONE\r\nTZID:A", EVENT, "BEGIN:VTIMEZONE\r\nTZID:B\r\nEND:VTIMEZONE"),
        BUSY,
    ),
    Case("event-without-a-name", "5545 3.8.4.7", PLAIN.replace("UID:u\r\n", ""), BUSY),
    Case("calendar-of-nothing", "5545 3.6", vcalendar(), ""),
    Case("no-end-of-the-calendar", "5545 3.4", PLAIN.replace("END:VCALENDAR\r\n", ""), BUSY),
    Case(
        "cut-within-an-event",
        "the safe side",
        vcalendar(EVENT, vevent("DTSTART:20261204T140000Z", "DURATION:PT1H", uid="w")).split("DURATION")[0],
        f"{BUSY} 1203T2300-1204T2300",
    ),
    Case(
        "event-within-an-event",
        "the safe side",
        vcalendar("BEGIN:VEVENT\r\nUID:w\r\nDTSTART:20261204T140000Z\r\n" + EVENT),
        f"{BUSY} 1203T2300-1204T2300",
    ),
    Case(
        "description-without-end",
        "5545 3.1",
        one("DESCRIPTION:" + "x" * 300_000, "DTSTART:20261202T140000Z", "DURATION:PT1H"),
        BUSY,
    ),
    Case("nul-characters", "5545 3.1", PLAIN.replace("Tea", "T\x00ea").replace("DTSTART", "DT\x00START"), BUSY),
]
