"""One login with one empty calendar at each kind of server, seen by the adapter and by another client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote
from uuid import uuid4

from config.embedded.radicale import KEEPER, RadicaleServer
from integrations.ports import CalendarProvider, Capability, Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession, Session
from tests.fakes.memory_provider import MemoryProvider, MemoryServer
from tests.servers.fault_caldav import Calendar, DirectSession, FaultCalDAV, HttpFront, Login
from tests.servers.other_client import OtherClient
from tests.servers.xandikos import XandikosServer

MAKE_EVENT_CALENDAR = (
    '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    ' xmlns:a="http://apple.com/ns/ical/"><d:set><d:prop><d:displayname>{name}</d:displayname>'
    '<a:calendar-color>#3366CCFF</a:calendar-color><c:supported-calendar-component-set><c:comp name="{kind}"/>'
    "</c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"
)


class OtherHand(Protocol):
    """What the host's phone does to the calendar."""

    def put(self, name: str, text: str) -> str: ...

    def remove(self, url: str) -> None: ...

    def text(self, url: str) -> str: ...


@dataclass(frozen=True)
class Remote:
    provider: CalendarProvider
    calendar_url: str
    phone: OtherHand
    read_only_url: str = ""
    task_list_url: str = ""
    stranger: CalendarProvider | None = None


class _HttpHand:
    def __init__(self, client: OtherClient, calendar_url: str) -> None:
        self._client = client
        self._calendar_url = calendar_url

    def put(self, name: str, text: str) -> str:
        url = self._calendar_url + name
        self._client.put(url, text)
        return url

    def remove(self, url: str) -> None:
        self._client.remove(url)

    def text(self, url: str) -> str:
        return self._client.text(url)


class _MemoryHand:
    def __init__(self, server: MemoryServer, calendar_url: str) -> None:
        self._server = server
        self._calendar_url = calendar_url

    def put(self, name: str, text: str) -> str:
        return self._server.put(self._calendar_url, text, name=name)

    def remove(self, url: str) -> None:
        self._server.remove(url)

    def text(self, url: str) -> str:
        return self._server.text(url) or ""


class _PhoneHand:
    def __init__(self, server: FaultCalDAV, calendar: Calendar) -> None:
        self._server = server
        self._calendar = calendar

    def put(self, name: str, text: str) -> str:
        self._server.put(self._calendar, unquote(name), text)
        return self._server.url_of(self._calendar) + name

    def remove(self, url: str) -> None:
        self._server.remove(self._calendar, self._name(url))

    def text(self, url: str) -> str:
        return self._calendar.objects[self._name(url)].text.decode()

    def _name(self, url: str) -> str:
        return unquote(url).rpartition("/")[2]


def memory_remote() -> Iterator[Remote]:
    server = MemoryServer()
    url = server.add_calendar("Work")
    wrong = Credentials(server.credentials.server_url, server.credentials.username, "wrong")
    yield Remote(
        MemoryProvider(server),
        url,
        _MemoryHand(server, url),
        read_only_url=server.add_calendar("School", capability=Capability.READ_ONLY),
        task_list_url=server.add_calendar("Tasks", capability=Capability.NO_EVENTS),
        stranger=MemoryProvider(server, wrong),
    )


def radicale_remote(server: RadicaleServer, username: str, password: str) -> Iterator[Remote]:
    home = f"{server.url}{username.replace('@', '%40')}/"
    work, tasks, school = (f"{home}{name}/" for name in (uuid4().hex, uuid4().hex, "school"))
    client = OtherClient(server.url, username, password)
    client.make_calendar(work, MAKE_EVENT_CALENDAR.format(name="Work", kind="VEVENT"))
    client.make_calendar(tasks, MAKE_EVENT_CALENDAR.format(name="Tasks", kind="VTODO"))
    keeper = OtherClient(server.url, KEEPER, server.keeper_password)
    keeper.make_calendar(school, MAKE_EVENT_CALENDAR.format(name="School", kind="VEVENT"))
    policy = policy_for(server.url)
    provider = CalDAVProvider(Credentials(server.url, username, password), GuardedSession(server.url, policy))
    stranger = CalDAVProvider(Credentials(server.url, username, "wrong"), GuardedSession(server.url, policy))
    yield Remote(provider, work, _HttpHand(client, work), school, tasks, stranger)
    provider.close()
    stranger.close()
    for url in (work, tasks):
        client.remove(url)
    keeper.remove(school)


def xandikos_remote(server: XandikosServer) -> Iterator[Remote]:
    provider = CalDAVProvider(
        Credentials(server.url, "user", "any"), GuardedSession(server.url, policy_for(server.url))
    )
    url = server.url.rstrip("/") + server.calendar_path
    yield Remote(provider, url, _HttpHand(OtherClient(server.url, "user", "any"), url))
    for listed in provider.list_changes(url, since="").present:
        provider.delete(listed.url, etag="")
    provider.close()


def fault_remote() -> Iterator[Remote]:
    server = FaultCalDAV()
    yield from _faultless(server, lambda: DirectSession(server))


def fault_http_remote() -> Iterator[Remote]:
    with HttpFront(FaultCalDAV()) as front:
        yield from _faultless(front.server, lambda: GuardedSession(front.url, policy_for(front.url)))


def _faultless(server: FaultCalDAV, session: Callable[[], Session]) -> Iterator[Remote]:
    login = server.add_login()
    work = server.add_calendar(login, "Work")
    tasks = server.add_calendar(login, "Tasks", components=("VTODO",))
    school = server.add_calendar(login, "School", writable=False)
    provider = CalDAVProvider(_credentials(server, login, login.password), session())
    stranger = CalDAVProvider(_credentials(server, login, "wrong"), session())
    work_url, school_url, tasks_url = (server.url_of(one) for one in (work, school, tasks))
    yield Remote(provider, work_url, _PhoneHand(server, work), school_url, tasks_url, stranger)
    provider.close()
    stranger.close()


def _credentials(server: FaultCalDAV, login: Login, password: str) -> Credentials:
    return Credentials(f"{server.origin}/", login.username, password)


def policy_for(url: str) -> ServerPolicy:
    return ServerPolicy(allowed_private=(url.removeprefix("http://").rstrip("/"),))
