"""Questions to a CalDAV server: the library's authentication and XML over our own session."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from caldav.davclient import DAVClient
from caldav.lib import error

from integrations.ports import Credentials, LoginRefused, NotACalendarServer, TemporarilyUnavailable
from integrations.providers.caldav.hrefs import host_of, is_absolute
from integrations.providers.caldav.mending import without_control_characters
from integrations.providers.caldav.multistatus import preconditions_among
from integrations.providers.caldav.retry_after import wait_named_by
from integrations.providers.transport.session import Login, Reply, Session

# The library logs bodies and, when asked to, writes credentials into files.
for _name in ("caldav", "caldav.response"):
    logging.getLogger(_name).setLevel(logging.ERROR)
os.environ.pop("PYTHON_CALDAV_COMMDUMP", None)
error.debug_dump_communication = False

_BUSY = frozenset({408, 423, 425, 429, 502, 503, 504})
_SPOKEN_OF_BY_STATUS = frozenset({501, 507})


class ServerFault(TemporarilyUnavailable):
    """The server failed over this request: 500. A smaller one may pass."""


class Garbled(NotACalendarServer):
    """The answer came to its end, but something in it is no XML. An answer about less may be."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer to a question in XML. ``tree`` is None unless the body is XML."""

    url: str
    status: int
    tree: Any
    preconditions: tuple[str, ...]


class Wire:
    """One login at one server."""

    def __init__(self, credentials: Credentials, session: Session) -> None:
        self._session = session
        self._host = host_of(credentials.server_url)
        client = DAVClient(
            credentials.server_url,
            username=credentials.username,
            password=credentials.password,
            auth_type="basic",
            enable_rfc6764=False,
            headers={"Content-Type": 'application/xml; charset="utf-8"'},
        )
        client.session.close()
        # Typed loosely: the library expects a whole HTTP client where it calls one method.
        self._client = cast("Any", client)
        self._client.session = self._asked = _LibrarySession(self._session)

    def close(self) -> None:
        self._session.close()

    def allows(self, url: str) -> bool:
        return self._session.allows(url)

    def serves(self, href: str) -> bool:
        """Whether what an answer names is this login's: behind a proxy, servers know neither scheme nor port."""
        return not is_absolute(href) or self.allows(href) or host_of(href) == self._host

    def ask(self, method: str, url: str, body: str, *, depth: int | None) -> Told:
        """PROPFIND and REPORT. Raises for what no caller can use; other statuses are the caller's to judge."""
        headers = {} if depth is None else {"Depth": str(depth)}
        try:
            response = self._client.request(url, method, body, headers)
        except error.AuthorizationError as refusal:
            return Told(url, 403, None, preconditions_among(refusal.preconditions))
        tree = response.tree
        if tree is None and response.status == 207 and self._asked.ended:
            raise Garbled("The server's answer cannot be read.")
        if tree is not None and tree.getroottree().docinfo.doctype:
            tree = None
        location = response.headers.get("location", "")
        return Told(location if 300 <= response.status < 400 else url, response.status, tree, ())

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """GET, PUT and DELETE: whole objects, no XML."""
        login: Login = self._client.auth
        reply = self._session.request(method, url, data=body, headers=headers, auth=login)
        raise_for_status(reply)
        return reply


class _LibrarySession:
    """The guarded session, as the library calls it. ``ended``: whether the last answer came to a multistatus's end."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ended = False

    def request(
        self,
        method: str,
        url: str,
        *,
        data: bytes,
        headers: Mapping[str, str],
        auth: Login,
        **_library_wishes: object,
    ) -> Reply:
        reply = self._session.request(method, url, data=data, headers=headers, auth=auth)
        raise_for_status(reply)
        if reply.status_code == 207:
            reply.content = without_control_characters(reply.content)
        self.ended = reply.content.rstrip().endswith(b"multistatus>")
        # Any other type makes the library log the body when it is not XML.
        reply.headers = {**reply.headers, "Content-Type": "text/plain"}
        return reply


def raise_for_status(reply: Reply) -> None:
    """Statuses that mean the same whatever was asked."""
    status = reply.status_code
    if status == 401:
        raise LoginRefused("The server does not accept this user name and password.")
    if status in _BUSY:
        raise TemporarilyUnavailable(
            "The server is too busy or down for maintenance.", retry_after=wait_named_by(reply.headers)
        )
    if status >= 500 and status not in _SPOKEN_OF_BY_STATUS:
        raise ServerFault("The server failed over our question.", retry_after=wait_named_by(reply.headers))
