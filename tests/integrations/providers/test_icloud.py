"""What is known of iCloud: how it answers, and what it must never be sent."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.ports import Home, ListedObject, ProviderError, WantedEvent
from integrations.providers.caldav.adapter import CalDAVProvider
from tests.integrations.providers.answers import ICS, Serve
from tests.integrations.providers.objects import reduced, spans, vcalendar, vevent
from tests.servers.scripted import Request, ScriptedServer, answer

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
WANTED = WantedEvent("our-uid", TEN, TEN + timedelta(hours=1), "Haircut", "Guest: ada@example.com")
NOT_UNDERSTOOD = (b"free-busy-query", b"principal-property-search", b"allprop", b"limit", b"text-match", b"mkcol")


def apple_row(href: str, prop: str) -> str:
    """As iCloud spells it: the default namespace again and again, an empty status, and what it has not under 404."""
    return (
        f'<response xmlns="DAV:"><href>{href}</href><propstat><prop>{prop}</prop><status></status></propstat>'
        '<propstat><prop><displayname xmlns="DAV:"/></prop><status>HTTP/1.1 404 Not Found</status></propstat>'
        "</response>"
    )


def apple_answer(*rows: str, token: str = "") -> bytes:
    end = f'<sync-token xmlns="DAV:">{token}</sync-token>' if token else ""
    return answer(207, f'<?xml version="1.0"?><multistatus xmlns="DAV:">{"".join(rows)}{end}</multistatus>')


ETAG = '<getetag xmlns="DAV:">"C=1@U=2"</getetag>'
TEXT = f'<calendar-data xmlns="urn:ietf:params:xml:ns:caldav"><![CDATA[{ICS.format(uid="our-uid")}]]></calendar-data>'
HOME = (
    '<calendar-home-set xmlns="urn:ietf:params:xml:ns:caldav"><href xmlns="DAV:">/1/calendars/</href>'
    "</calendar-home-set>"
)
PRINCIPAL = '<current-user-principal xmlns="DAV:"><href xmlns="DAV:">/1/principal/</href></current-user-principal>'


def apple(request: Request) -> bytes:
    if request.method == "PROPFIND":
        return apple_answer(apple_row(request.path, PRINCIPAL if request.path == "/" else HOME + ETAG))
    if b"sync-collection" in request.body:
        listed = apple_row("/c/A1.ics", ETAG)
        return apple_answer(apple_row("/c/", ETAG), listed, listed, token="token-2")
    if request.method == "REPORT":
        return apple_answer(apple_row("/c/A1.ics", ETAG + TEXT))
    if request.method == "GET":
        return answer(200, ICS.format(uid="our-uid"), ETag='"C=1@U=2"')
    return answer(412 if request.headers.get("if-match") == "*" else 204, ETag='"C=2@U=2"')


def everything(server: ScriptedServer, provider: CalDAVProvider) -> list[Request]:
    """All that is ever asked."""
    calendar, url = f"{server.url}c/", f"{server.url}c/A1.ics"
    provider.list_calendars(provider.find_home())
    provider.list_changes(calendar, since="")
    provider.list_changes(calendar, since="token-1")
    provider.fetch(calendar, [ListedObject("/c/A1.ics", url, "")])
    provider.find(calendar, "our-uid")
    provider.find_uid(calendar, "our-uid", start=TEN, end=TEN + timedelta(days=1))
    provider.create(calendar, WANTED)
    for etag in ('"C=1@U=2"', 'W/"C=1@U=2"', ""):
        provider.replace(url, WANTED, etag=etag, written=WANTED)
        provider.delete(url, etag=etag, written=WANTED)
    return server.requests


def test_principal_leads_home_and_is_asked_for_itself_only(serve: Serve) -> None:
    server, provider = serve(apple)

    assert provider.find_home() == Home(f"{server.url}1/calendars/")
    assert {request.headers["depth"] for request in server.requests} == {"0"}


def test_calendar_itself_and_repetitions_are_not_listed(serve: Serve) -> None:
    server, provider = serve(apple)

    changes = provider.list_changes(f"{server.url}c/", since="token-1")

    assert [(listed.key, listed.etag) for listed in changes.present] == [("/c/A1.ics", '"C=1@U=2"')]
    assert (changes.gone, changes.cursor) == ((), "token-2")


def test_object_in_cdata_is_read(serve: Serve) -> None:
    server, provider = serve(apple)

    fetched = provider.fetch(f"{server.url}c/", [ListedObject("/c/A1.ics", f"{server.url}c/A1.ics", "")])

    assert [(event.uid, event.etag) for event in fetched.events] == [("our-uid", '"C=1@U=2"')]


def test_every_question_in_xml_begins_with_its_declaration(serve: Serve) -> None:
    asked = [request for request in everything(*serve(apple)) if request.method in {"PROPFIND", "REPORT"}]

    assert len(asked) > 5
    assert all(request.body.startswith(b"<?xml ") for request in asked)


def test_nothing_is_asked_that_is_not_understood(serve: Serve) -> None:
    for request in everything(*serve(apple)):
        assert not [word for word in NOT_UNDERSTOOD if word in request.body.lower()]
        assert request.headers.get("if-match") != "*"
        assert request.method in {"GET", "PUT", "DELETE", "PROPFIND", "REPORT"}
        if b"<c:calendar-query" in request.body:
            assert request.body.count(b'<c:comp-filter name="VEVENT">') == 1


def test_every_event_written_has_an_end_and_nobody_to_write_to(serve: Serve) -> None:
    written = [request.body.decode() for request in everything(*serve(apple)) if request.method == "PUT"]

    assert len(written) == 4
    for text in written:
        assert "\r\nDTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n" in text
        assert not [name for name in ("\r\nATTENDEE", "\r\nORGANIZER", "\r\nMETHOD", "SCHEDULE-AGENT") if name in text]


@pytest.mark.parametrize("status", [403, 404])
def test_event_that_is_refused_is_an_error(status: int, serve: Serve) -> None:
    server, provider = serve(lambda _request: answer(status))

    with pytest.raises(ProviderError):
        provider.create(f"{server.url}c/", WANTED)


def test_oddities_of_its_objects_are_read() -> None:
    odd = (
        "DTSTAMP:20260101T000000Z",
        "DTSTAMP:20260102T000000Z",
        "RELATED-TO;RELTYPE=X-CALENDARSERVER-RECURRENCE-SET:0A1B",
        "DTSTART;TZID=Europe/Berlin:20260706T120000 ",
        "DTEND;TZID=Europe/Berlin:20260706T130000 ",
        "RRULE:FREQ=DAILY;UNTIL=20260707T120000",
    )

    assert reduced(vcalendar(vevent(*odd))).unreadable == ""
    assert spans(*odd) == ["0706T1000/0706T1100", "0707T1000/0707T1100"]
