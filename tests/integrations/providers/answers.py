"""CalDAV answers by the byte, and the adapter that asks for them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from integrations.ports import Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession
from tests.servers.scripted import Request, Script, ScriptedServer, answer

ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261201T100000Z\r\n"
    "DTEND:20261201T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
EVENTS = '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"

Answers = Mapping[tuple[str, str], bytes | Script]
Serve = Callable[[Answers | Script], tuple[ScriptedServer, CalDAVProvider]]


def etag(value: str) -> str:
    return f"<d:getetag>{value}</d:getetag>"


@contextmanager
def serving(answers: Answers | Script) -> Iterator[tuple[ScriptedServer, CalDAVProvider]]:
    """Answers by (method, path), or whatever the script says; what is not foreseen is a 404."""

    def script(request: Request) -> bytes:
        said = answers(request) if callable(answers) else answers.get((request.method, request.path), answer(404))
        given = said(request) if callable(said) else said
        assert isinstance(given, bytes)
        return given

    with ScriptedServer(script) as server:
        policy = ServerPolicy(allowed_private=(server.netloc,), deadline=timedelta(seconds=20))
        provider = CalDAVProvider(Credentials(server.url, "ada", "canary-password"), GuardedSession(server.url, policy))
        yield server, provider
        provider.close()
