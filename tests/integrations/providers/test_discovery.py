"""From a URL to the home and its calendars, whatever answers."""

from datetime import timedelta

import pytest

from integrations.ports import (
    Capability,
    Home,
    LoginRefused,
    NotACalendarServer,
    NotAllowed,
    ProviderError,
    TemporarilyUnavailable,
)
from tests.integrations.providers.answers import CALENDAR, EVENTS, Serve
from tests.servers.scripted import answer, gone, multistatus, row


def test_home_is_found_through_the_principal(serve: Serve) -> None:
    principal = "<d:current-user-principal><d:href>/principals/ada/</d:href></d:current-user-principal>"
    home = "<c:calendar-home-set><d:href>/homes/ada</d:href></c:calendar-home-set>"
    server, provider = serve(
        {
            ("PROPFIND", "/"): answer(207, multistatus(row("/", principal))),
            ("PROPFIND", "/principals/ada/"): answer(207, multistatus(row("/principals/ada/", home))),
        }
    )

    assert provider.find_home() == Home(f"{server.url}homes/ada/")


def test_home_brings_the_owners_addresses_along_in_the_same_question(serve: Serve) -> None:
    hrefs = (
        "mailto:Ada@Example.com",
        " MAILTO:ada%2Bwork@example.com ",
        "mailto:ada@example.com",
        "/principals/ada/",
        "urn:uuid:1",
        "tel:+4930",
        "mailto:nobody",
        "mailto:a@b@c",
    )
    addresses = "".join(f"<d:href>{href}</d:href>" for href in hrefs)
    props = (
        "<c:calendar-home-set><d:href>/homes/ada/</d:href></c:calendar-home-set>"
        f"<c:calendar-user-address-set>{addresses}</c:calendar-user-address-set>"
    )
    principal = "<d:current-user-principal><d:href>/principals/ada/</d:href></d:current-user-principal>"
    server, provider = serve(
        {
            ("PROPFIND", "/"): answer(207, multistatus(row("/", principal))),
            ("PROPFIND", "/principals/ada/"): answer(207, multistatus(row("/principals/ada/", props))),
        }
    )

    assert provider.find_home() == Home(f"{server.url}homes/ada/", ("ada@example.com", "ada+work@example.com"))
    assert len(server.requests) == 2


def test_home_is_found_at_the_well_known_place_behind_a_redirect(serve: Serve) -> None:
    home = "<c:calendar-home-set><d:href>/homes/ada/</d:href></c:calendar-home-set>"
    server, provider = serve(
        {
            ("PROPFIND", "/"): answer(200, "<html>Welcome</html>", Content_Type="text/html"),
            ("PROPFIND", "/.well-known/caldav"): answer(301, Location="/dav/"),
            ("PROPFIND", "/dav/"): answer(207, multistatus(row("/dav/", home))),
        }
    )

    assert provider.find_home() == Home(f"{server.url}homes/ada/")


def test_calendar_on_a_server_that_names_no_home_is_its_own(serve: Serve) -> None:
    itself = multistatus(row("/shared/team/", "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"))
    server, provider = serve(
        {
            ("PROPFIND", "/"): answer(301, Location="/shared/team/"),
            ("PROPFIND", "/shared/team/"): answer(207, itself),
        }
    )

    home = provider.find_home()

    assert home == Home(f"{server.url}shared/team/")
    assert [calendar.url for calendar in provider.list_calendars(home)] == [home.url]


def test_places_that_are_no_folders_are_asked_as_they_are_named(serve: Serve) -> None:
    principal = "<d:current-user-principal><d:href>/principals/ada</d:href></d:current-user-principal>"
    home = "<c:calendar-home-set><d:href>/homes/ada/</d:href></c:calendar-home-set>"
    server, provider = serve(
        {
            ("PROPFIND", "/"): answer(301, Location="/dav"),
            ("PROPFIND", "/dav"): answer(207, multistatus(row("/dav", principal))),
            ("PROPFIND", "/principals/ada"): answer(207, multistatus(row("/principals/ada", home))),
        }
    )

    assert provider.find_home() == Home(f"{server.url}homes/ada/")


def test_home_on_a_foreign_server_is_refused_and_that_server_not_asked(serve: Serve) -> None:
    foreign, _ = serve({})
    home = f"<c:calendar-home-set><d:href>{foreign.url}ada/</d:href></c:calendar-home-set>"
    _, provider = serve({("PROPFIND", "/"): answer(207, multistatus(row("/", home)))})

    with pytest.raises(NotAllowed):
        provider.find_home()

    assert foreign.connections == 0


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_to_a_foreign_server_is_refused_and_that_server_not_asked(status: int, serve: Serve) -> None:
    foreign, _ = serve({})
    _, provider = serve({("PROPFIND", "/"): answer(status, Location=foreign.url)})

    with pytest.raises(NotAllowed):
        provider.find_home()

    assert foreign.connections == 0


def test_server_that_sends_us_round_in_circles_is_left(serve: Serve) -> None:
    server, provider = serve({("PROPFIND", "/"): answer(302, Location="/")})

    with pytest.raises(NotACalendarServer):
        provider.find_home()

    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "body",
    [
        "<html><body>Please log in</body></html>",
        "",
        "<d:multistatus xmlns:d='DAV:'><d:response><d:href>/</d:href>",
        "<multistatus xmlns='urn:other'/>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><d:multistatus xmlns:d='DAV:'>&a;</d:multistatus>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><d:multistatus xmlns:d='DAV:'>&a;</d:multistatus>",
        "<d:multistatus xmlns:d='DAV:'>" + "<a>" * 5000,
        "<d:multistatus xmlns:d='DAV:'>\x01</d:multistatus>",
        multistatus(),
        multistatus(row("/", "<d:displayname>Neither principal nor home</d:displayname>")),
    ],
)
@pytest.mark.parametrize("status", [200, 207])
def test_what_is_no_calendar_server_is_told_from_one(status: int, body: str, serve: Serve) -> None:
    _, provider = serve(lambda _request: answer(status, body))

    with pytest.raises(NotACalendarServer):
        provider.find_home()


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (401, {}, LoginRefused, None),
        (401, {"WWW_Authenticate": 'X-MobileMe-AuthToken realm="MMCalDav"'}, LoginRefused, None),
        (429, {"Retry_After": "90"}, TemporarilyUnavailable, timedelta(seconds=90)),
        (503, {"Retry_After": "7"}, TemporarilyUnavailable, timedelta(seconds=7)),
        (503, {}, TemporarilyUnavailable, None),
        (503, {"Retry_After": "soon"}, TemporarilyUnavailable, None),
        (503, {"Retry_After": "-5"}, TemporarilyUnavailable, None),
        (503, {"Retry_After": "99999999999999"}, TemporarilyUnavailable, timedelta(days=1)),
        (
            503,
            {"Retry_After": "Tue, 01 Dec 2026 10:02:00 GMT", "Date": "Tue, 01 Dec 2026 10:00:00 GMT"},
            TemporarilyUnavailable,
            timedelta(minutes=2),
        ),
        (503, {"Retry_After": "Tue, 01 Dec 2026 10:02:00 GMT"}, TemporarilyUnavailable, None),
        (500, {}, TemporarilyUnavailable, None),
        (502, {}, TemporarilyUnavailable, None),
        (504, {}, TemporarilyUnavailable, None),
        (403, {}, NotACalendarServer, None),
        (404, {}, NotACalendarServer, None),
        (405, {}, NotACalendarServer, None),
    ],
)
def test_status_says_whether_another_try_is_worth_it(
    status: int, headers: dict[str, str], error: type[ProviderError], wait: timedelta | None, serve: Serve
) -> None:
    body = "<html>remote words</html>"
    _, provider = serve(lambda _request: answer(status, body, **headers))

    with pytest.raises(error) as raised:
        provider.find_home()

    assert type(raised.value) is error or status == 500
    assert getattr(raised.value, "retry_after", None) == wait
    assert "remote words" not in str(raised.value)


def test_refused_login_is_not_tried_twice(serve: Serve) -> None:
    server, provider = serve(lambda _request: answer(401, WWW_Authenticate='Basic realm="x"'))

    with pytest.raises(LoginRefused):
        provider.find_home()

    assert len(server.requests) == 1


def privileges(*names: str) -> str:
    each = "".join(f"<d:privilege><d:{name}/></d:privilege>" for name in names)
    return f"<d:current-user-privilege-set>{each}</d:current-user-privilege-set>"


SUBSCRIBED = "<d:resourcetype><d:collection/><s:subscribed/></d:resourcetype>"
TASKS = '<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>'


@pytest.mark.parametrize(
    ("props", "capability"),
    [
        (CALENDAR, Capability.WRITE),
        (CALENDAR + EVENTS + privileges("read", "write", "write-content", "bind"), Capability.WRITE),
        (CALENDAR + EVENTS + privileges("all"), Capability.WRITE),
        (CALENDAR + EVENTS + privileges("read", "read-free-busy"), Capability.READ_ONLY),
        (CALENDAR + EVENTS + privileges(), Capability.READ_ONLY),
        (CALENDAR + TASKS + privileges("all"), Capability.NO_EVENTS),
        (SUBSCRIBED, Capability.SUBSCRIBED),
        (CALENDAR.replace("<c:calendar/>", "<c:calendar/><s:subscribed/>") + EVENTS, Capability.SUBSCRIBED),
    ],
)
def test_capability_is_read_from_type_components_and_privileges(
    props: str, capability: Capability, serve: Serve
) -> None:
    server, provider = serve({("PROPFIND", "/ada/"): answer(207, multistatus(row("/ada/x/", props)))})

    (listed,) = provider.list_calendars(Home(f"{server.url}ada/"))

    assert listed.capability is capability


def test_only_calendars_are_listed_each_once_in_one_request(serve: Serve) -> None:
    folder = "<d:resourcetype><d:collection/></d:resourcetype>"
    inbox = "<d:resourcetype><d:collection/><c:schedule-inbox/></d:resourcetype>"
    server, provider = serve(
        {
            ("PROPFIND", "/ada/"): answer(
                207,
                multistatus(
                    row("/ada/", folder),
                    row("/ada/inbox/", inbox),
                    row("/ada/work%20one/", CALENDAR + "<d:displayname>W\u0085ork</d:displayname>"),
                    row("/ada//work one", CALENDAR),
                    row("http://foreign.example.com/ada/x/", CALENDAR),
                    gone("/ada/old/"),
                ),
            )
        }
    )

    (listed,) = provider.list_calendars(Home(f"{server.url}ada/"))

    assert (listed.key, listed.url) == ("/ada/work one", f"{server.url}ada/work%20one/")
    assert listed.name == "Work"
    assert len(server.requests) == 1


def test_colour_and_token_come_along_if_they_can_be_used(serve: Serve) -> None:
    props = CALENDAR + "<a:calendar-color>#AABBCCFF</a:calendar-color><s:getctag>ctag-1</s:getctag>"
    strange = CALENDAR + "<a:calendar-color>red;background:url(x)</a:calendar-color><d:sync-token>t</d:sync-token>"
    server, provider = serve(
        {("PROPFIND", "/ada/"): answer(207, multistatus(row("/ada/a/", props), row("/ada/b/", strange)))}
    )

    listed = provider.list_calendars(Home(f"{server.url}ada/"))

    assert [(one.colour, one.token) for one in listed] == [("#aabbcc", "ctag-1"), ("", "t")]
