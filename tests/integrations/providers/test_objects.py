"""Fetching and writing objects at servers that refuse, forget and fail."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    ChangedMeanwhile,
    Gone,
    ListedObject,
    LoginRefused,
    NotACalendarServer,
    ProviderError,
    Refused,
    TemporarilyUnavailable,
    WantedEvent,
)
from tests.integrations.providers.answers import ICS, Serve, etag
from tests.servers.scripted import Request, ScriptedServer, answer, gone, multistatus, row

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
WANTED = WantedEvent("our-uid", TEN, TEN + timedelta(hours=1), "Haircut")


def listed(server: ScriptedServer, *names: str) -> list[ListedObject]:
    return [ListedObject(f"/c/{name}", f"{server.url}c/{name}", '"1"') for name in names]


def with_text(name: str, text: str) -> str:
    return row(f"/c/{name}", f"{etag('&quot;2&quot;')}<c:calendar-data><![CDATA[{text}]]></c:calendar-data>")


def test_batch_the_server_fails_over_is_halved_down_to_the_bad_object(serve: Serve) -> None:
    def fails_over_bad(request: Request) -> bytes:
        if b"bad.ics" in request.body:
            return answer(500)
        names = [name for name in ("a.ics", "b.ics", "c.ics") if name.encode() in request.body]
        return answer(207, multistatus(*(with_text(name, ICS.format(uid=name)) for name in names)))

    server, provider = serve({("REPORT", "/c/"): fails_over_bad, ("GET", "/c/bad.ics"): answer(500)})

    fetched = provider.fetch(f"{server.url}c/", listed(server, "a.ics", "b.ics", "bad.ics", "c.ics"))

    assert [event.uid for event in fetched.events] == ["a.ics", "b.ics", "c.ics"]
    assert fetched.missing == ("/c/bad.ics",)


def test_server_that_fails_over_everything_is_left_in_peace(serve: Serve) -> None:
    server, provider = serve(lambda _request: answer(500))

    with pytest.raises(TemporarilyUnavailable):
        provider.fetch(f"{server.url}c/", listed(server, *(f"{number}.ics" for number in range(50))))

    assert len(server.requests) < 30


def test_object_handed_out_without_text_is_asked_for_once_more(serve: Serve) -> None:
    server, provider = serve(
        {
            ("REPORT", "/c/"): answer(207, multistatus(row("/c/a.ics", etag('"2"')))),
            ("GET", "/c/a.ics"): answer(200, ICS.format(uid="a"), ETag='"3"'),
        }
    )

    (event,) = provider.fetch(f"{server.url}c/", listed(server, "a.ics")).events

    assert (event.uid, event.etag) == ("a", '"3"')


def test_objects_left_out_and_those_not_found_are_missing(serve: Serve) -> None:
    said = multistatus(with_text("a.ics", ICS.format(uid="a")), gone("/c/b.ics"), with_text("uncalled.ics", "x"))
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    fetched = provider.fetch(f"{server.url}c/", listed(server, "a.ics", "b.ics", "c.ics"))

    assert [event.uid for event in fetched.events] == ["a"]
    assert fetched.missing == ("/c/b.ics", "/c/c.ics")


def test_unreadable_object_does_not_harm_its_neighbour(serve: Serve) -> None:
    said = multistatus(with_text("a.ics", ICS.format(uid="a")), with_text("b.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT"))
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    good, bad = provider.fetch(f"{server.url}c/", listed(server, "a.ics", "b.ics")).events

    assert (good.uid, good.unreadable) == ("a", "")
    assert (bad.uid, bad.reduced) == ("", "")
    assert bad.unreadable


def test_server_without_multiget_is_asked_for_each_object(serve: Serve) -> None:
    server, provider = serve(
        {("REPORT", "/c/"): answer(501), ("GET", "/c/a.ics"): answer(200, ICS.format(uid="a"), ETag='"1"')}
    )

    assert [event.uid for event in provider.fetch(f"{server.url}c/", listed(server, "a.ics")).events] == ["a"]


def test_page_instead_of_an_object_is_not_an_object_without_events(serve: Serve) -> None:
    server, provider = serve({("GET", "/c/a.ics"): answer(200, "<html/>", Content_Type="text/html")})

    with pytest.raises(NotACalendarServer):
        provider.read(f"{server.url}c/a.ics")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (412, "", AlreadyExists),
        (409, '<d:error xmlns:d="DAV:"><d:x/></d:error>', Refused),
        (403, "", AccessLost),
        (404, "", Gone),
        (413, "", Refused),
        (415, "", Refused),
        (422, "", Refused),
        (507, "", Refused),
        (400, "", Refused),
        (302, "", NotACalendarServer),
        (401, "", LoginRefused),
        (500, "", TemporarilyUnavailable),
        (503, "", TemporarilyUnavailable),
    ],
)
def test_refusal_of_a_new_object_says_what_it_is(
    status: int, body: str, error: type[ProviderError], serve: Serve
) -> None:
    server, provider = serve({("PUT", "/c/our-uid.ics"): answer(status, body)})

    with pytest.raises(error):
        provider.create(f"{server.url}c/", WANTED)


@pytest.mark.parametrize("status", [403, 409, 412])
def test_identity_the_server_has_elsewhere_already_exists(status: int, serve: Serve) -> None:
    body = '<d:error xmlns:d="DAV:"><c:no-uid-conflict xmlns:c="urn:ietf:params:xml:ns:caldav"/></d:error>'
    server, provider = serve({("PUT", "/c/our-uid.ics"): answer(status, body)})

    with pytest.raises(AlreadyExists):
        provider.create(f"{server.url}c/", WANTED)


def test_creation_demands_an_empty_place_and_asks_for_an_etag_it_was_not_told(serve: Serve) -> None:
    said = multistatus(row("/c/our-uid.ics", etag('"7"')))
    server, provider = serve(
        {("PUT", "/c/our-uid.ics"): answer(201), ("PROPFIND", "/c/our-uid.ics"): answer(207, said)}
    )

    written = provider.create(f"{server.url}c", WANTED)

    assert (written.url, written.etag) == (f"{server.url}c/our-uid.ics", '"7"')
    assert server.requests[0].headers["if-none-match"] == "*"


def test_creation_whose_answer_is_lost_may_be_tried_again(serve: Serve) -> None:
    server, provider = serve({("PUT", "/c/our-uid.ics"): b""})

    with pytest.raises(TemporarilyUnavailable):
        provider.create(f"{server.url}c/", WANTED)

    assert len(server.requests) == 1


def test_weak_etag_is_compared_and_not_sent(serve: Serve) -> None:
    server, provider = serve(
        {
            ("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid"), ETag='W/"1"'),
            ("PUT", "/c/a.ics"): answer(204, ETag='W/"2"'),
            ("DELETE", "/c/a.ics"): answer(204),
        }
    )
    url = f"{server.url}c/a.ics"

    written = provider.replace(url, WANTED, etag='W/"1"')
    with pytest.raises(ChangedMeanwhile):
        provider.replace(url, WANTED, etag='W/"0"')
    with pytest.raises(ChangedMeanwhile):
        provider.delete(url, etag='W/"0"')
    provider.delete(url, etag='W/"1"')

    assert written.etag == 'W/"2"'
    assert [request.method for request in server.requests] == ["GET", "PUT", "GET", "GET", "GET", "DELETE"]
    assert not any("if-match" in request.headers for request in server.requests)


def test_replacement_is_sent_for_the_known_version_only(serve: Serve) -> None:
    server, provider = serve(
        {
            ("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid"), ETag='"1"'),
            ("PUT", "/c/a.ics"): answer(412),
        }
    )

    with pytest.raises(ChangedMeanwhile):
        provider.replace(f"{server.url}c/a.ics", WANTED, etag='"1"')

    assert server.requests[-1].headers["if-match"] == '"1"'
