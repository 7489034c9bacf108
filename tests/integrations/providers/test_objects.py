"""Fetching objects from servers that refuse, forget and fail."""

import pytest

from integrations.ports import (
    ListedObject,
    NotACalendarServer,
    TemporarilyUnavailable,
)
from tests.integrations.providers.answers import ICS, Serve, etag
from tests.servers.scripted import Request, ScriptedServer, answer, gone, multistatus, row


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


@pytest.mark.parametrize("bad", [b"\xff", b"&#xFFFE;", b"<nobody ends this>"])
def test_object_that_spoils_the_answer_it_is_in_is_asked_for_by_itself(bad: bytes, serve: Serve) -> None:
    def spoilt(request: Request) -> bytes:
        names = [name for name in ("a.ics", "bad.ics", "c.ics") if name.encode() in request.body]
        rows = [row(f"/c/{name}", f"<c:calendar-data>{ICS.format(uid=name)}</c:calendar-data>") for name in names]
        return answer(207, multistatus(*rows).encode().replace(b"UID:bad", b"UID:bad" + bad))

    alone = answer(200, ICS.format(uid="bad"), ETag='"3"')
    server, provider = serve({("REPORT", "/c/"): spoilt, ("GET", "/c/bad.ics"): alone})

    fetched = provider.fetch(f"{server.url}c/", listed(server, "a.ics", "bad.ics", "c.ics"))

    assert [event.uid for event in fetched.events] == ["a.ics", "bad", "c.ics"]


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
