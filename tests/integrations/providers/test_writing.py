"""Creating, replacing and deleting at servers that refuse, forget and fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.ports import (
    AccessLost,
    AlreadyExists,
    ChangedMeanwhile,
    Gone,
    LoginRefused,
    NotACalendarServer,
    ProviderError,
    Refused,
    TemporarilyUnavailable,
    WantedEvent,
)
from tests.integrations.providers.answers import ICS, Serve, etag
from tests.servers.scripted import Request, answer, multistatus, row

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
WANTED = WantedEvent("our-uid", TEN, TEN + timedelta(hours=1), "Haircut")


def error_body(name: str, inside: str = "") -> str:
    named = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f"<d:error {named}><{name}>{inside}</{name}></d:error>"


IN_ITS_OWN_WORDS = '<d:error xmlns:d="DAV:" xmlns:s="urn:maker"><s:exception>Forbidden</s:exception></d:error>'


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (412, "", AlreadyExists),
        (409, error_body("d:x"), Refused),
        (409, "", Gone),
        (403, "", AccessLost),
        (403, "<html>Forbidden</html>", AccessLost),
        (403, error_body("d:need-privileges"), AccessLost),
        (403, error_body("c:valid-calendar-data"), Refused),
        (403, error_body("c:max-resource-size"), Refused),
        (403, error_body("c:supported-calendar-component"), Refused),
        (403, IN_ITS_OWN_WORDS, AccessLost),
        (409, IN_ITS_OWN_WORDS, Gone),
        (423, "", TemporarilyUnavailable),
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
    server, provider = serve({("PUT", "/c/our-uid.ics"): answer(status, error_body("c:no-uid-conflict"))})

    with pytest.raises(AlreadyExists) as raised:
        provider.create(f"{server.url}c/", WANTED)

    assert raised.value.url == ""


@pytest.mark.parametrize("status", [403, 409, 412])
def test_place_of_the_identity_is_told_if_it_may_be_asked(status: int, serve: Serve) -> None:
    def conflict(request: Request) -> bytes:
        foreign = "http://foreign.example.com" if request.path.startswith("/foreign/") else ""
        href = f"<d:href> {foreign}/other/X%201.ics </d:href>"
        return answer(status, error_body("c:no-uid-conflict", href))

    server, provider = serve(conflict)

    with pytest.raises(AlreadyExists) as near:
        provider.create(f"{server.url}c/", WANTED)
    with pytest.raises(AlreadyExists) as foreign:
        provider.create(f"{server.url}foreign/", WANTED)

    assert (near.value.url, foreign.value.url) == (f"{server.url}other/X%201.ics", "")


def test_conflict_about_an_object_in_a_calendar_that_is_there_is_a_refusal(serve: Serve) -> None:
    there = answer(207, multistatus(row("/c/")))
    server, provider = serve({("PUT", "/c/our-uid.ics"): answer(409), ("PROPFIND", "/c/"): there})

    with pytest.raises(Refused):
        provider.create(f"{server.url}c/", WANTED)


def test_creation_demands_an_empty_place_and_names_no_version_it_was_not_told(serve: Serve) -> None:
    server, provider = serve({("PUT", "/c/our-uid.ics"): answer(201)})

    written = provider.create(f"{server.url}c", WANTED)

    assert (written.url, written.etag) == (f"{server.url}c/our-uid.ics", "")
    assert [request.headers.get("if-none-match") for request in server.requests] == ["*"]


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


def test_where_no_etag_can_be_sent_the_times_must_be_those_that_were_written(serve: Serve) -> None:
    moved = replace(WANTED, starts_at=TEN + timedelta(hours=3), ends_at=TEN + timedelta(hours=4))
    for told in ({}, {"ETag": 'W/"1"'}):
        server, provider = serve(
            {
                ("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid"), **told),
                ("PUT", "/c/a.ics"): answer(204, ETag='W/"2"'),
                ("DELETE", "/c/a.ics"): answer(204),
            }
        )
        url, known = f"{server.url}c/a.ics", told.get("ETag", "")

        with pytest.raises(ChangedMeanwhile):
            provider.replace(url, WANTED, etag=known, written=moved)
        with pytest.raises(ChangedMeanwhile):
            provider.delete(url, etag=known, written=moved)
        assert {request.method for request in server.requests} <= {"GET", "PROPFIND"}

        provider.replace(url, moved, etag=known, written=WANTED)
        provider.delete(url, etag=known, written=WANTED)
        assert not any("if-match" in request.headers for request in server.requests)


def test_object_nobody_knows_anything_of_is_not_written_over(serve: Serve) -> None:
    server, provider = serve({("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid"))})

    with pytest.raises(ChangedMeanwhile):
        provider.replace(f"{server.url}c/a.ics", replace(WANTED, ends_at=TEN + timedelta(hours=2)), etag="")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_strong_etag_found_just_now_is_sent_where_none_was_known(method: str, serve: Serve) -> None:
    told = multistatus(row("/c/a.ics", etag('"7"')))
    server, provider = serve(
        {
            ("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid")),
            ("PROPFIND", "/c/a.ics"): answer(207, told),
            (method, "/c/a.ics"): answer(412),
        }
    )
    url = f"{server.url}c/a.ics"

    ask = {"PUT": lambda: provider.replace(url, WANTED, etag="", written=WANTED)}
    ask["DELETE"] = lambda: provider.delete(url, etag="", written=WANTED)

    with pytest.raises(ChangedMeanwhile):
        ask[method]()

    # asked for the etag before the text: a change in between makes If-Match fail
    assert [request.method for request in server.requests] == ["GET", "PROPFIND", "GET", method]
    assert server.requests[-1].headers["if-match"] == '"7"'


def test_etag_that_a_proxy_weakened_on_its_way_is_the_same_version(serve: Serve) -> None:
    server, provider = serve(
        {
            ("GET", "/c/a.ics"): answer(200, ICS.format(uid="our-uid"), ETag='W/"1"'),
            ("PUT", "/c/a.ics"): answer(204, ETag='"2"'),
        }
    )

    provider.replace(f"{server.url}c/a.ics", WANTED, etag='"1"', written=None)

    assert server.requests[-1].headers["if-match"] == '"1"'


def test_page_in_place_of_our_object_is_not_answered_with_a_new_one(serve: Serve) -> None:
    page = answer(200, "<html>Maintenance</html>", Content_Type="text/html")
    server, provider = serve({("GET", "/c/a.ics"): page})

    with pytest.raises(NotACalendarServer):
        provider.replace(f"{server.url}c/a.ics", WANTED, etag='"1"', written=WANTED)

    assert [request.method for request in server.requests] == ["GET"]
