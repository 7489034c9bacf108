"""What a remote object means as busy time, in the RFC's words."""

from datetime import timedelta

import pytest

from tests.integrations.providers.objects import occurrences, reduced, spans, vcalendar, vevent


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"), ["0701T1000/0701T1100"]),
        (("DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:PT1H"), ["0701T0800/0701T0900"]),
        (("DTSTART;TZID=America/New_York:20260701T100000Z", "DURATION:PT1H"), ["0701T1000/0701T1100"]),
        (("DTSTART;TZID=Nowhere/Known:20260701T100000", "DURATION:PT1H"), ["0701T0800/0701T0900"]),
        (("DTSTART;TZID=W. Europe Standard Time:20260701T100000", "DURATION:PT1H"), ["0701T0800/0701T0900"]),
        (('DTSTART;TZID="UTC-05:00":20260701T100000', "DURATION:PT1H"), ["0701T1500/0701T1600"]),
        (("DTSTART:20260701T100000", "DURATION:PT1H"), ["0701T0800/0701T0900"]),
        (("DTSTART;VALUE=DATE:20260701",), ["0630T2200/0701T2200"]),
        (("DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260701"), ["0630T2200/0701T2200"]),
        (("DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260703"), ["0630T2200/0702T2200"]),
        (("DTSTART:20260701T100000Z",), []),
        (("DTSTART:20260701T100000Z", "DTEND:20260701T090000Z"), []),
        (("DTSTART:20260701T100000Z", "DURATION:-PT1H"), []),
        (("DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:PT24H"), ["1024T1000/1025T1000"]),
        (("DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D"), ["1024T1000/1025T1100"]),
        (("DTSTART;TZID=Europe/Berlin:20270328T023000", "DURATION:PT1H"), ["0328T0130/0328T0230"]),
        (("DTSTART;TZID=Europe/Berlin:20261025T023000", "DURATION:PT1H"), ["1025T0030/1025T0130"]),
    ],
)
def test_single_event_covers_the_time_the_rfc_says(lines: tuple[str, ...], expected: list[str]) -> None:
    assert spans(*lines) == expected


DAILY = ("DTSTART;TZID=Europe/Berlin:20260701T100000", "DURATION:PT1H")


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (("RRULE:FREQ=DAILY;COUNT=3",), [1, 2, 3]),
        (("RRULE:FREQ=DAILY;UNTIL=20260703",), [1, 2, 3]),
        (("RRULE:FREQ=DAILY;UNTIL=20260703T075959Z",), [1, 2]),
        (("RRULE:FREQ=DAILY;UNTIL=20260703T080000Z",), [1, 2, 3]),
        (("RRULE:FREQ=DAILY;UNTIL=20260703T100000",), [1, 2, 3]),
        (("rrule:freq=daily;count=2;",), [1, 2]),
        (("RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20260702T100000"), [1, 3, 4]),
        (("RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20260702T080000Z,20260703T080000Z"), [1, 4]),
        (("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260702"), [1, 3]),
        (("RRULE:FREQ=DAILY;COUNT=3", "EXDATE:nonsense"), [1, 2, 3]),
        (("RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2"), [2, 4]),
        (("RDATE:20260705T080000Z", "RDATE;TZID=Europe/Berlin:20260704T100000"), [1, 4, 5]),
        (("RRULE:FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20260710",), [1, 3, 6, 10]),
    ],
)
def test_series_has_its_starts(lines: tuple[str, ...], days: list[int]) -> None:
    found = occurrences(vcalendar(vevent(*DAILY, *lines)))

    assert [(one.start.day, one.start.hour, one.end - one.start) for one in found] == [
        (day, 8, timedelta(hours=1)) for day in days
    ]


def test_instance_that_was_moved_stands_only_where_it_is_now() -> None:
    series = vevent(*DAILY, "RRULE:FREQ=DAILY;COUNT=3")
    moved = vevent("RECURRENCE-ID:20260702T080000Z", "DTSTART:20260709T120000Z", "DURATION:PT2H")

    found = occurrences(vcalendar(series, moved))

    assert [(one.key, f"{one.start:%d %H}") for one in found] == [
        ("20260701T080000Z", "01 08"),
        ("20260703T080000Z", "03 08"),
        ("20260702T080000Z", "09 12"),
    ]


def test_this_and_all_later_instances_can_be_moved_together() -> None:
    series = vevent(*DAILY, "RRULE:FREQ=DAILY;COUNT=4")
    moved = vevent(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260703T100000",
        "DTSTART;TZID=Europe/Berlin:20260703T150000",
        "DURATION:PT2H",
    )

    found = occurrences(vcalendar(series, moved))

    assert [(f"{one.start:%d %H}", f"{one.end:%H}") for one in found] == [
        ("01 08", "09"),
        ("02 08", "09"),
        ("03 13", "15"),
        ("04 13", "15"),
    ]


def test_moved_instance_without_its_series_is_still_there() -> None:
    alone = vevent("RECURRENCE-ID:20260702T080000Z", "DTSTART:20260702T120000Z", "DURATION:PT2H")

    assert [f"{one.start:%d %H}" for one in occurrences(vcalendar(alone))] == ["02 12"]


def test_zone_the_object_defines_itself_is_used() -> None:
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Our: own",
            "BEGIN:STANDARD",
            "DTSTART:16011028T030000",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            "TZOFFSETFROM:-0200",
            "TZOFFSETTO:-0300",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:16010325T020000",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            "TZOFFSETFROM:-0300",
            "TZOFFSETTO:-0200",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ]
    )
    weekly = vevent('DTSTART;TZID="Our: own":20261020T100000', "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")

    found = occurrences(vcalendar(zone, weekly))

    assert [f"{one.start:%m%d %H}" for one in found] == ["1020 12", "1027 13"]


def test_what_is_kept_names_neither_guests_nor_notes() -> None:
    text = vevent(
        "DTSTART:20260701T100000Z",
        "DTEND:20260701T110000Z",
        "SUMMARY:Chess\\, with Bob",
        "DESCRIPTION:secret notes",
        "LOCATION:secret place",
        "ORGANIZER:mailto:secret@example.com",
        "ATTENDEE;CN=Secret;PARTSTAT=ACCEPTED:mailto:bob@example.com",
        "BEGIN:VALARM",
        "DURATION:PT9H",
        "SUMMARY:secret alarm",
        "END:VALARM",
    )

    found = reduced(vcalendar(text))

    assert not any(word in found.text.lower() for word in ("secret", "bob@", "valarm"))
    assert [one.title for one in occurrences(vcalendar(text))] == ["Chess, with Bob"]
    assert found.uid == "u"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), (False, "confirmed", "")),
        (("TRANSP: transparent ",), (True, "confirmed", "")),
        (("STATUS:Cancelled",), (False, "cancelled", "")),
        (("STATUS:TENTATIVE",), (False, "tentative", "")),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), (True, "confirmed", "")),
        (("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), (False, "confirmed", "")),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), (False, "tentative", "")),
        (("ATTENDEE;PARTSTAT=DECLINED:MAILTO:Ada@Example.com",), (False, "confirmed", "declined")),
        (("ATTENDEE;PARTSTAT=DECLINED;EMAIL=ada@example.com:/principals/1",), (False, "confirmed", "declined")),
        (("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ada@example.com",), (False, "confirmed", "needs_action")),
        (("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com",), (False, "confirmed", "")),
        (("ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com",), (False, "confirmed", "tentative")),
        (("STATUS:TENTATIVE", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.com"), (False, "tentative", "")),
        (("ATTENDEE:mailto:ada@example.com",), (False, "confirmed", "needs_action")),
        (("ATTENDEE:mailto:ada@example.com", "ORGANIZER:mailto:ada@example.com"), (False, "confirmed", "")),
        (
            ("ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com", "ATTENDEE;EMAIL=ada@example.com:/principals/1"),
            (False, "confirmed", "needs_action"),
        ),
        (("X-HOLDFAST-ANSWER:declined", "X-HOLDFAST-WHOLE-DAY:1"), (False, "confirmed", "")),
    ],
)
def test_marks_of_an_event_are_read_leniently(lines: tuple[str, ...], expected: tuple[bool, str, str]) -> None:
    text = vcalendar(vevent("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", *lines))

    assert [(one.transparent, one.status, one.answer) for one in occurrences(text)] == [expected]
    assert [one.end - one.start for one in occurrences(text)] == [timedelta(hours=1)]


def test_each_instance_has_its_own_marks() -> None:
    series = vevent(*DAILY, "RRULE:FREQ=DAILY;COUNT=4", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ada@example.com")
    second = vevent(
        "RECURRENCE-ID:20260702T080000Z",
        "DTSTART:20260702T080000Z",
        "DURATION:PT1H",
        "STATUS:TENTATIVE",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com",
    )
    later = vevent(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260704T080000Z",
        "DTSTART:20260704T080000Z",
        "DURATION:PT1H",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com",
    )

    found = occurrences(vcalendar(series, second, later))

    assert [(one.status, one.answer) for one in found] == [
        ("confirmed", "needs_action"),
        ("tentative", "tentative"),
        ("confirmed", "needs_action"),
        ("confirmed", "declined"),
    ]


def test_bytes_are_unfolded_before_they_are_decoded() -> None:
    title = "Frühstück".encode()
    text = vcalendar(vevent("DTSTART:20260701T100000Z", "DURATION:PT1H", "SUMMARY:@")).encode()

    folded = text.replace(b"@", title[:3] + b"\r\n " + title[3:])

    assert [one.title for one in occurrences(folded)] == ["Frühstück"]
