"""What is not busy although it has a time (RFC 5545 3.8.1.11, 3.8.2.7, 3.2.12; RFC 7986 6.2; MS-OXCICAL)."""

from tests.integrations.providers.busy_cases.case import Case, one

BUSY = "1202T1400-1202T1500"


def marked(*lines: str) -> str:
    return one("DTSTART:20261202T140000Z", "DTEND:20261202T150000Z", *lines)


def guest(params: str, address: str = "mailto:ada@example.com") -> str:
    return marked("ORGANIZER:mailto:bob@example.com", f"ATTENDEE;{params}:{address}")


CASES = [
    Case("opaque", "5545 3.8.2.7", marked("TRANSP:OPAQUE"), BUSY),
    Case("transparent", "5545 3.8.2.7", marked("TRANSP:TRANSPARENT"), ""),
    Case("transparent-in-small-letters", "5545 2", marked("transp:transparent"), ""),
    Case("transparent-among-blanks", "the safe side", marked("TRANSP: TRANSPARENT  "), ""),
    Case("neither", "5545 3.8.2.7", marked("TRANSP:TRANSLUCENT"), BUSY),
    Case("transparent-day", "5545 3.8.2.7", one("DTSTART;VALUE=DATE:20261202", "TRANSP:TRANSPARENT"), ""),
    Case("confirmed", "5545 3.8.1.11", marked("STATUS:CONFIRMED"), BUSY),
    Case("tentative", "4791 7.10", marked("STATUS:TENTATIVE"), BUSY),
    Case("cancelled", "5545 3.8.1.11", marked("STATUS:CANCELLED"), ""),
    Case("cancelled-as-americans-write", "the safe side", marked("STATUS:canceled"), ""),
    Case("status-of-a-task", "5545 3.8.1.11", marked("STATUS:NEEDS-ACTION"), BUSY),
    Case("exchange-free", "MS-OXCICAL", marked("X-MICROSOFT-CDO-BUSYSTATUS:FREE"), ""),
    Case("exchange-elsewhere", "MS-OXCICAL", marked("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"), ""),
    Case("exchange-tentative", "MS-OXCICAL", marked("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"), BUSY),
    Case("exchange-out-of-office", "MS-OXCICAL", marked("X-MICROSOFT-CDO-BUSYSTATUS:OOF"), BUSY),
    Case(
        "opaque-though-exchange-says-free",
        "5545 3.8.2.7",
        marked("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
        BUSY,
    ),
    Case("declined", "5545 3.2.12", guest("PARTSTAT=DECLINED"), ""),
    Case("declined-in-other-letters", "5545 2", guest("partstat=declined", "MAILTO:ADA@Example.COM"), ""),
    Case("declined-with-a-name-in-quotes", "5545 3.2", guest("CN=\"Ada; L: 'x'\";PARTSTAT=DECLINED"), ""),
    Case(
        "declined-by-an-address-beside",
        "7986 6.2",
        guest("PARTSTAT=DECLINED;EMAIL=ada@example.com", "urn:uuid:77-1"),
        "",
    ),
    Case("declined-by-a-principal", "7986 6.2", guest('EMAIL="ada@example.com";PARTSTAT=DECLINED', "/people/77/"), ""),
    Case("declined-by-an-escaped-address", "6068 2", guest("PARTSTAT=DECLINED", "mailto:ada%40example.com"), ""),
    Case("declined-by-somebody-else", "5545 3.2.12", guest("PARTSTAT=DECLINED", "mailto:bob@example.com"), BUSY),
    Case("declined-by-a-similar-address", "5545 3.2.12", guest("PARTSTAT=DECLINED", "mailto:xada@example.com"), BUSY),
    Case("accepted", "5545 3.2.12", guest("PARTSTAT=ACCEPTED"), BUSY),
    Case("not-answered", "5545 3.2.12", guest("PARTSTAT=NEEDS-ACTION"), BUSY),
    Case("answered-perhaps", "5545 3.2.12", guest("PARTSTAT=TENTATIVE"), BUSY),
    Case("delegated", "5545 3.2.12", guest('PARTSTAT=DELEGATED;DELEGATED-TO="mailto:eve@example.com"'), BUSY),
    Case("answer-of-its-makers", "5545 3.2.12", guest("PARTSTAT=X-MAYBE"), BUSY),
    Case(
        "declined-under-one-name-accepted-under-another",
        "the safe side",
        marked(
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=ada@example.com:urn:uuid:77-1",
        ),
        BUSY,
    ),
    Case("travel-is-not-in-the-rfc", "5545 3.8.8.2", marked("X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT45M"), BUSY),
]
