"""Looking for a copy of ours in a calendar that is not read."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from integrations.ports import (
    AccessLost,
    FetchedEvent,
    Gone,
    LoginRefused,
    NotACalendarServer,
    ProviderError,
    TemporarilyUnavailable,
)
from integrations.providers.caldav.adapter import CalDAVProvider
from tests.integrations.providers.answers import ICS, Serve, etag
from tests.servers.scripted import ScriptedServer, answer, gone, multistatus, row

START = datetime(2026, 12, 1, tzinfo=UTC)
UNSUPPORTED = '<d:error xmlns:d="DAV:"><c:supported-filter xmlns:c="urn:ietf:params:xml:ns:caldav"/></d:error>'


def look(server: ScriptedServer, provider: CalDAVProvider) -> FetchedEvent | None:
    return provider.find_uid(f"{server.url}c/", "our-uid", start=START, end=START + timedelta(days=1))


def with_text(href: str, uid: str) -> str:
    return row(href, f"{etag('&quot;2&quot;')}<c:calendar-data><![CDATA[{ICS.format(uid=uid)}]]></c:calendar-data>")


def test_object_is_known_by_its_uid_wherever_it_lies(serve: Serve) -> None:
    said = multistatus(row("/c/"), gone("/c/old.ics"), with_text("/c/a.ics", "a"), with_text("/c/X%20Y.ics", "our-uid"))
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    found = look(server, provider)

    assert found is not None
    assert (found.uid, found.url, found.etag) == ("our-uid", f"{server.url}c/X%20Y.ics", '"2"')


def test_question_has_one_filter_and_a_span(serve: Serve) -> None:
    server, provider = serve({("REPORT", "/c/"): answer(207, multistatus())})

    assert look(server, provider) is None

    asked = ElementTree.fromstring(server.requests[0].body)
    names = [one.get("name") for one in asked.iter("{urn:ietf:params:xml:ns:caldav}comp-filter")]
    (span,) = asked.iter("{urn:ietf:params:xml:ns:caldav}time-range")
    assert names == ["VCALENDAR", "VEVENT"]
    assert (span.get("start"), span.get("end")) == ("20261201T000000Z", "20261202T000000Z")


def test_object_named_without_its_text_is_fetched(serve: Serve) -> None:
    def report(request: object) -> bytes:
        is_query = len(server.requests) == 1
        return answer(207, multistatus(row("/c/a.ics", etag('"2"')) if is_query else with_text("/c/a.ics", "our-uid")))

    server, provider = serve({("REPORT", "/c/"): report})

    found = look(server, provider)

    assert found is not None
    assert found.uid == "our-uid"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, "", NotACalendarServer),
        (412, "", NotACalendarServer),
        (501, "", NotACalendarServer),
        (200, "<html/>", NotACalendarServer),
        (207, "", NotACalendarServer),
        (403, UNSUPPORTED, NotACalendarServer),
        (403, "", AccessLost),
        (404, "", Gone),
        (401, "", LoginRefused),
        (500, "", TemporarilyUnavailable),
        (503, "", TemporarilyUnavailable),
        (207, multistatus(with_text("/c/a.ics", "a"), gone("/c/", 507)), NotACalendarServer),
        (207, multistatus(gone("/c/b.ics", 403)), NotACalendarServer),
        (207, multistatus(row("/c/never.ics", etag('"2"'))), NotACalendarServer),
    ],
)
def test_server_that_does_not_answer_has_not_said_that_it_is_not_there(
    status: int, body: str, error: type[ProviderError], serve: Serve
) -> None:
    server, provider = serve({("REPORT", "/c/"): answer(status, body)})

    with pytest.raises(error):
        look(server, provider)
