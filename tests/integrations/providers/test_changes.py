"""What servers say about what moved, and what it means."""

import pytest

from integrations.ports import (
    AccessLost,
    CursorExpired,
    Gone,
    ListedObject,
    NotACalendarServer,
    ProviderError,
    TemporarilyUnavailable,
)
from tests.integrations.providers.answers import CALENDAR, Serve, etag
from tests.servers.scripted import Request, answer, gone, multistatus, row


def test_pages_are_read_until_the_server_has_no_more(serve: Serve) -> None:
    def pages(request: Request) -> bytes:
        if b"<d:sync-token></d:sync-token>" in request.body:
            return answer(207, multistatus(row("/c/a.ics", etag('"1"')), gone("/c/", 507), token="t1"))
        assert b"<d:sync-token>t1</d:sync-token>" in request.body
        return answer(207, multistatus(row("/c/b.ics", etag('"2"')), token="t2"))

    server, provider = serve({("REPORT", "/c/"): pages})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert [listed.key for listed in changes.present] == ["/c/a.ics", "/c/b.ics"]
    assert (changes.cursor, changes.complete) == ("t2", True)


def test_paging_that_never_moves_on_is_replaced_by_a_listing(serve: Serve) -> None:
    stuck = answer(207, multistatus(row("/c/a.ics", etag('"1"')), gone("/c/", 507), token="t1"))
    listing = multistatus(row("/c/"), row("/c/a.ics", etag('"1"')), row("/c/b.ics", etag('"2"')))
    server, provider = serve({("REPORT", "/c/"): stuck, ("PROPFIND", "/c/"): answer(207, listing)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert [listed.key for listed in changes.present] == ["/c/a.ics", "/c/b.ics"]
    assert (changes.cursor, changes.complete) == ("", True)


def test_collection_itself_and_repeats_are_not_objects(serve: Serve) -> None:
    said = multistatus(
        row("/c/", etag('"c"')),
        row("/c/a%40b.ics", etag('"1"')),
        row("/c//a@b.ics"),
        gone("/c/a@b.ics"),
        gone("/c/old.ics"),
        gone("/c/old.ics"),
        token="t2",
    )
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    changes = provider.list_changes(f"{server.url}c/", since="t1")

    assert changes.present == (ListedObject("/c/a@b.ics", f"{server.url}c/a%40b.ics", '"1"'),)
    assert (changes.gone, changes.complete) == (("/c/old.ics",), False)


def test_nothing_can_be_gone_in_a_first_listing(serve: Serve) -> None:
    said = multistatus(gone("/c/ghost.ics"), row("/c/a.ics", etag("W/&quot;1&quot;")), token="t")
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert changes.gone == ()
    assert [listed.etag for listed in changes.present] == ['W/"1"']


@pytest.mark.parametrize(
    "status", ["404", "404 Not Found", "HTTP/1.1 404", "HTTP/2 404 Not Found", "HTTP/1.1  410  Gone"]
)
def test_object_is_gone_however_its_status_is_spelled(status: str, serve: Serve) -> None:
    said = f"<d:response><d:href>/c/old.ics</d:href><d:status>{status}</d:status></d:response>"
    server, provider = serve({("REPORT", "/c/"): answer(207, multistatus(said, token="t2"))})

    changes = provider.list_changes(f"{server.url}c/", since="t1")

    assert (changes.present, changes.gone) == ((), ("/c/old.ics",))


def test_server_behind_a_proxy_may_not_know_its_own_address(serve: Serve) -> None:
    said = multistatus(row("https://127.0.0.1/c/a.ics", etag('"1"')), row("http://127.0.0.1:1/c/b.ics"), token="t")
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert [listed.url for listed in changes.present] == [f"{server.url}c/a.ics", f"{server.url}c/b.ics"]


def test_place_on_a_server_without_a_name_is_passed_over(serve: Serve) -> None:
    said = multistatus(row("http://[x/c/b.ics"), row("/c/a.ics", etag('"1"')), token="t")
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert [listed.key for listed in changes.present] == ["/c/a.ics"]


def test_object_whose_row_failed_or_has_no_etag_is_still_there(serve: Serve) -> None:
    said = multistatus(gone("/c/busy.ics", 507), row("/c/plain.ics"), row("/c/bare.ics", etag("x")), token="t")
    server, provider = serve({("REPORT", "/c/"): answer(207, said)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert {listed.key: listed.etag for listed in changes.present} == {
        "/c/busy.ics": "",
        "/c/plain.ics": "",
        "/c/bare.ics": '"x"',
    }


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 412, 415, 500, 501, 507])
def test_cursor_has_expired_when_the_calendar_can_still_be_looked_at(status: int, serve: Serve) -> None:
    server, provider = serve(
        {("REPORT", "/c/"): answer(status), ("PROPFIND", "/c/"): answer(207, multistatus(row("/c/")))}
    )

    with pytest.raises(CursorExpired):
        provider.list_changes(f"{server.url}c/", since="old")


@pytest.mark.parametrize(
    ("propfind", "error"),
    [
        (answer(403), AccessLost),
        (answer(404), Gone),
        (answer(410), Gone),
        (answer(207, multistatus(gone("/c/"))), Gone),
        (answer(207, multistatus(gone("/c/", 403))), AccessLost),
        (answer(200, "<html/>"), NotACalendarServer),
        (answer(503), TemporarilyUnavailable),
    ],
)
@pytest.mark.parametrize("since", ["", "old"])
def test_calendar_that_cannot_be_looked_at_says_why(
    since: str, propfind: bytes, error: type[ProviderError], serve: Serve
) -> None:
    server, provider = serve({("REPORT", "/c/"): answer(403), ("PROPFIND", "/c/"): propfind})

    with pytest.raises(error):
        provider.list_changes(f"{server.url}c/", since=since)


@pytest.mark.parametrize("status", [400, 403, 405, 500, 501])
def test_server_without_sync_collection_is_listed_in_full(status: int, serve: Serve) -> None:
    listing = multistatus(row("/c/"), row("/c/a.ics", etag('"1"')), row("/c/sub/", CALENDAR))
    server, provider = serve({("REPORT", "/c/"): answer(status), ("PROPFIND", "/c/"): answer(207, listing)})

    changes = provider.list_changes(f"{server.url}c/", since="")

    assert [listed.key for listed in changes.present] == ["/c/a.ics"]
    assert (changes.cursor, changes.complete) == ("", True)


def test_silence_of_a_report_needs_a_second_witness(serve: Serve) -> None:
    listing = multistatus(row("/c/"), row("/c/a.ics", etag('"1"')))
    server, provider = serve({("REPORT", "/c/"): answer(207, multistatus()), ("PROPFIND", "/c/"): answer(207, listing)})

    assert len(provider.list_changes(f"{server.url}c/", since="").present) == 1


@pytest.mark.parametrize("body", ["", "<html>Maintenance</html>", multistatus()[:-5]])
@pytest.mark.parametrize("status", [200, 207])
@pytest.mark.parametrize("since", ["", "t"])
def test_nonsense_is_never_a_listing(since: str, status: int, body: str, serve: Serve) -> None:
    server, provider = serve(lambda _request: answer(status, body))

    with pytest.raises(NotACalendarServer):
        provider.list_changes(f"{server.url}c/", since=since)


def test_empty_multistatus_instead_of_a_listing_is_nonsense(serve: Serve) -> None:
    server, provider = serve({("REPORT", "/c/"): answer(501), ("PROPFIND", "/c/"): answer(207, multistatus())})

    with pytest.raises(NotACalendarServer):
        provider.list_changes(f"{server.url}c/", since="")


def test_nothing_of_an_answer_is_logged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    server, provider = serve(lambda _request: answer(207, "<html>private words</html>"))

    with pytest.raises(NotACalendarServer):
        provider.list_changes(f"{server.url}c/", since="")

    assert "private words" not in caplog.text
    assert "canary-password" not in caplog.text
