"""The server without a socket: what an adapter is handed in place of the guarded session."""

import base64
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from integrations.ports import Credentials, NotACalendarServer, NotAllowed, Unreachable
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.connection import Answer as Received
from integrations.providers.transport.connection import ConnectionLost
from integrations.providers.transport.session import Login as Account
from integrations.providers.transport.session import Reply
from tests.servers.fault_caldav.exchange import Answer, Ending, Request
from tests.servers.fault_caldav.server import FaultCalDAV
from tests.servers.fault_caldav.store import Login

_NO_ANSWER = frozenset({Ending.SILENCE, Ending.DRIP})
_CUT = frozenset({Ending.LOST, Ending.CUT_IN_HEAD, Ending.CUT_IN_BODY})


class DirectSession:
    """Ends an exchange as the guarded session does: with a whole answer or a ProviderError.

    ``also_allowed``: origins beside the server's own that may be asked; they lead to the same server. ``before`` and
    ``after`` are called around each exchange, the first with the request, the second also with the answer; they may
    raise :class:`Killed`.
    """

    def __init__(self, server: FaultCalDAV, *, also_allowed: Collection[str] = ()) -> None:
        self._server = server
        self._allowed = frozenset({server.origin, *also_allowed})
        self.before: Callable[[Request], object] = lambda _request: None
        self.after: Callable[[Request, Answer], object] = lambda _request, _answer: None

    def allows(self, url: str) -> bool:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" in self._allowed

    def request(
        self,
        method: str,
        url: str,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Account | None = None,
    ) -> Reply:
        if not self.allows(url):
            raise NotAllowed("The server refers to another server, which may not be asked.")
        named = {name.lower(): str(value) for name, value in (headers or {}).items()}
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        body = data.encode() if isinstance(data, str) else data or b""
        request = Request(method, target, {**named, **_authorization(auth)}, body)
        with self._server.waiting(request):
            self.before(request)
            answer = self._server.exchange(request)
            self.after(request, answer)
        return _reply(answer, url)

    def close(self) -> None:
        """There is nothing to give back."""


def open_direct(server: FaultCalDAV, login: Login, *, session: DirectSession | None = None) -> CalDAVProvider:
    """The adapter, signed in at the server with this login."""
    credentials = Credentials(f"{server.origin}/", login.username, login.password)
    return CalDAVProvider(credentials, session or DirectSession(server))


def _reply(answer: Answer, url: str) -> Reply:
    if answer.ending in _NO_ANSWER:
        raise Unreachable("The server did not answer in time.")
    if answer.ending in _CUT:
        raise ConnectionLost("The connection was cut before the server's answer was complete.")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if "content-encoding" in headers:
        raise NotACalendarServer("The server's answer is compressed although it was asked not to be.")
    return Reply(Received(answer.status, headers, answer.body), url)


def _authorization(auth: Account | None) -> dict[str, str]:
    if auth is None:
        return {}
    pair = f"{auth.username}:{auth.password}".encode()
    return {"authorization": "Basic " + base64.b64encode(pair).decode("ascii")}
