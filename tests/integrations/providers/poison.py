"""Objects made to break whoever reads them, and good events to lie beside them. All made here, none copied."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.integrations.providers.objects import vcalendar, vevent

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
_BEGINS, _LASTS = "DTSTART:20261201T100000Z", "DURATION:PT1H"
_SIXTY = ",".join(map(str, range(60)))
_HOURS = ",".join(map(str, range(24)))
_YEAR_DAYS = ",".join(map(str, range(1, 367)))


def good_events(number: int = 100) -> dict[str, tuple[str, datetime, datetime]]:
    """Name → content, begin and end: an hour each, on as many days from the first of December at nine."""
    found = {}
    for index in range(number):
        begins = START + timedelta(days=index)
        lines = (f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{begins + HOUR:%Y%m%dT%H%M%SZ}", f"SUMMARY:Good {index}")
        found[f"good-{index}"] = (vcalendar(vevent(*lines, uid=f"good-{index}")), begins, begins + HOUR)
    return found


def poison() -> dict[str, bytes]:
    """Name → content."""
    texts = {
        **_rules(),
        **_many(),
        **dict(_zones()),
        **_structure(),
        **_times(),
        **_lines(),
        **_instances(),
    }
    made = {name: text.encode() for name, text in texts.items()}
    return {**made, **_raw()}


def _event(*lines: str) -> str:
    return vcalendar(vevent(_BEGINS, _LASTS, *lines, uid="poison"))


def _rules() -> dict[str, str]:
    rules = {
        "secondly": "FREQ=SECONDLY",
        "minutely": "FREQ=MINUTELY",
        "secondly-of-one-hour": "FREQ=SECONDLY;BYHOUR=3",
        "secondly-of-one-minute": "FREQ=SECONDLY;BYMINUTE=7",
        "secondly-of-one-second": "FREQ=SECONDLY;BYSECOND=7",
        "secondly-in-no-month": "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "minutely-of-one-hour": "FREQ=MINUTELY;BYHOUR=4",
        "minutely-with-seconds": f"FREQ=MINUTELY;BYSECOND={_SIXTY}",
        "minutely-positions": f"FREQ=MINUTELY;BYSECOND={_SIXTY};BYSETPOS=-1",
        "hourly-dense": f"FREQ=HOURLY;BYMINUTE={_SIXTY}",
        "daily-dense": f"FREQ=DAILY;BYHOUR={_HOURS};BYMINUTE={_SIXTY};BYSECOND={_SIXTY}",
        "yearly-dense": f"FREQ=YEARLY;BYYEARDAY={_YEAR_DAYS};BYHOUR={_HOURS};BYMINUTE={_SIXTY}",
        "yearly-positions": f"FREQ=YEARLY;BYYEARDAY={_YEAR_DAYS};BYHOUR={_HOURS};BYMINUTE={_SIXTY};BYSETPOS=366",
        "never": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=2",
        "never-in-weeks": "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;COUNT=5",
        "count-for-ever": "FREQ=SECONDLY;COUNT=999999999;BYDAY=MO",
        "interval-for-ever": "FREQ=YEARLY;INTERVAL=999999999",
        "interval-of-none": "FREQ=DAILY;INTERVAL=0",
        "number-too-long": "FREQ=DAILY;INTERVAL=" + "9" * 5000,
        "rule-too-long": "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 50_000),
        "rule-of-nothing": "",
    }
    made = {f"rule-{name}": _event(f"RRULE:{rule}") for name, rule in rules.items()}
    since_christ = vevent("DTSTART:00010101T000000Z", _LASTS, "RRULE:FREQ=DAILY;COUNT=999999999;BYMONTH=2,3")
    made["rule-since-the-year-one"] = vcalendar(since_christ)
    made["rule-many-times"] = _event(*["RRULE:FREQ=HOURLY"] * 2000)
    made["exception-rule"] = _event("RRULE:FREQ=DAILY", "EXRULE:FREQ=SECONDLY")
    return made


def _many() -> dict[str, str]:
    dates = [f"{START + timedelta(hours=index):%Y%m%dT%H%M%SZ}" for index in range(50_000)]
    return {
        "dates-added": _event("RDATE:" + ",".join(dates)),
        "dates-left-out": _event("RRULE:FREQ=DAILY", "EXDATE:" + ",".join(dates * 2)),
        "dates-a-line": _event("RRULE:FREQ=DAILY", *[f"EXDATE:{date}" for date in dates]),
        "periods": _event("RDATE;VALUE=PERIOD:" + ",".join(f"{date}/P9999W" for date in dates[:15_000])),
        "guests": _event(*[f"ATTENDEE;CN=G{index};PARTSTAT=ACCEPTED:mailto:g{index}@e.org" for index in range(50_000)]),
        "alarms": _event(*["BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM"] * 20_000),
        "description": _event("DESCRIPTION:" + "x" * (7 * 1024 * 1024)),
        "too-large": _event("DESCRIPTION:" + "x" * (9 * 1024 * 1024)),
        "lines": _event(*["X-NOTHING:1"] * 190_000),
        "too-many-lines": _event(*["X-NOTHING:1"] * 210_000),
        "title": _event("SUMMARY:" + "\\n" * 1_000_000),
        "uid": vcalendar(vevent(_BEGINS, _LASTS, uid="u" * 1_000_000)),
    }


def _zones() -> Iterator[tuple[str, str]]:
    part = "BEGIN:{kind}\r\nDTSTART:{first}\r\n{more}TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:{kind}"
    used = vevent("DTSTART;TZID=Bomb:20261201T100000", _LASTS, uid="poison")

    def zone(*parts: str) -> str:
        return vcalendar("\r\n".join(["BEGIN:VTIMEZONE", "TZID:Bomb", *parts, "END:VTIMEZONE"]), used)

    def ruled(rule: str) -> str:
        return part.format(kind="STANDARD", first="19700101T000000", more=f"RRULE:{rule}\r\n")

    yield "zone-every-second", zone(ruled("FREQ=SECONDLY"))
    yield "zone-of-many-rules", zone(*[ruled("FREQ=YEARLY;BYDAY=SU")] * 190)
    yield "zone-of-too-many-rules", zone(*[ruled("FREQ=YEARLY;BYMONTH=3")] * 5000)
    yield "zone-of-nothing", zone()
    yield "zone-without-end", zone(ruled("FREQ=YEARLY")).replace("END:VTIMEZONE", "X:1")
    yield "zone-beyond-the-day", zone(ruled("FREQ=YEARLY").replace("+0200", "+9959"))
    dates = part.format(kind="STANDARD", first="19700101T000000", more="RDATE:" + "19700101T000000," * 50_000 + "\r\n")
    yield "zone-of-dates", zone(dates)
    yield "zone-name", vcalendar(vevent(f"DTSTART;TZID={'Z' * 70_000}:20261201T100000", _LASTS))
    yield "zone-name-of-parts", vcalendar(vevent(f"DTSTART;TZID={'a/' * 35_000}:20261201T100000", _LASTS))


def _structure() -> dict[str, str]:
    nested = "".join(f"BEGIN:X{index}\r\n" for index in range(50_000))
    closed = "".join(f"END:X{index}\r\n" for index in range(49_999, -1, -1))
    return {
        "nested": _event(nested + closed + "X:1"),
        "nested-unclosed": _event(nested + "X:1"),
        "closed-unopened": _event(closed + "X:1"),
        "events-in-events": vcalendar(*["BEGIN:VEVENT\r\nDTSTART:20261201T100000Z"] * 4_000),
        "many-events": vcalendar(*[vevent(_BEGINS, _LASTS, uid=f"p{index}") for index in range(10_000)]),
        "many-series": vcalendar(
            *[vevent(_BEGINS, _LASTS, "RRULE:FREQ=DAILY;COUNT=9999;BYMONTH=3", uid=f"p{i}") for i in range(4_000)]
        ),
        "cut": _event()[:-40],
    }


def _times() -> dict[str, str]:
    starts = {
        "first": ("DTSTART;TZID=Asia/Tokyo:00010101T000000", _LASTS),
        "last": ("DTSTART;TZID=America/New_York:99991231T235959", "DURATION:P9999W"),
        "all": ("DTSTART:00010101T000000Z", "DTEND:99991231T235959Z", "RRULE:FREQ=DAILY"),
        "long": (_BEGINS, "DURATION:P99999W", "RRULE:FREQ=DAILY"),
        "backwards": (_BEGINS, "DURATION:-P99999W", "RRULE:FREQ=DAILY"),
        "no-start": (_LASTS,),
        "no-time": ("DTSTART:20261341T996199Z", _LASTS),
        "other-digits": ("DTSTART:２０２６１２０１T１０００００Z", _LASTS),
    }
    return {f"times-{name}": vcalendar(vevent(*lines, uid="poison")) for name, lines in starts.items()}


def _lines() -> dict[str, str]:
    return {
        "quotes": _event('ATTENDEE;CN="' * 20_000 + ":mailto:a"),
        "semicolons": _event("ATTENDEE" + ";" * 500_000 + "x"),
        "parameters": _event("ATTENDEE" + ";A=b" * 200_000 + ":x"),
        "one-line": "BEGIN:VCALENDAR" + "x" * (7 * 1024 * 1024),
        "folds": "\r\n".join("\r\n ".join(line) for line in _event("DESCRIPTION:" + "y" * 400_000).split("\r\n")),
    }


def _instances() -> dict[str, str]:
    series = vevent(_BEGINS, _LASTS, "RRULE:FREQ=DAILY", uid="poison")

    def moved(index: int, extra: str = "") -> str:
        begins = f"{START + HOUR + timedelta(days=index % 400):%Y%m%dT%H%M%SZ}"
        return vevent(f"RECURRENCE-ID{extra}:{begins}", f"DTSTART:{begins}", _LASTS, uid="poison")

    return {
        "instances": vcalendar(series, *[moved(index) for index in range(4_900)]),
        "instances-and-all-later": vcalendar(series, *[moved(i, ";RANGE=THISANDFUTURE") for i in range(4_900)]),
        "instance-of-itself": vcalendar(*[moved(1)] * 50),
    }


def _raw() -> dict[str, bytes]:
    return {
        "nul": _event("SUMMARY:a@b", "X:@").replace("@", "\x00").encode(),
        "halves": _event("SUMMARY:@").encode().replace(b"@", b"\xed\xa0\x80\xff\xfe"),
        "utf-16": _event("SUMMARY:wide").encode("utf-16"),
        "nothing": b"",
        "noise": bytes(range(256)) * 1000,
    }
