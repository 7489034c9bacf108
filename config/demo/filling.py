"""Fills the demo's CalDAV server, over the same protocol everybody else speaks to it."""

from base64 import b64encode
from datetime import date
from http.client import HTTPConnection
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from config.demo.kept import Kept
from config.demo.month import LIVES, PRACTICE, PRIVATE, TEAM, CalendarObject, month_of
from config.embedded.radicale import KEEPER, RadicaleServer

TITLES = {PRACTICE: ("Practice", "#0f766e"), PRIVATE: ("Private", "#9d3f5f"), TEAM: ("Team", "#475569")}
TIMEOUT_SECONDS = 20.0
DONE, MISSING = (200, 201, 204, 207), 404

_MAKE_CALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/">
<D:set><D:prop>
<D:displayname>{title}</D:displayname>
<A:calendar-color>{colour}</A:calendar-color>
<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>
</D:prop></D:set>
</C:mkcalendar>"""


class FillingFailed(RuntimeError):
    """The server would not take what the demo wants to put into it."""


def fill_calendars(server: RadicaleServer, kept: Kept, *, today: date) -> None:
    """Give each login its calendars; those that were filled in an earlier start are left as their owners left them."""
    with _Keeper(server) as keeper:
        for username in LIVES:
            for name, objects in month_of(username, today=today).items():
                calendar = f"{username}/{name}"
                if not (kept.is_filled(calendar) and keeper.has(calendar)):
                    keeper.fill(calendar, name, objects)
                    kept.mark_filled(calendar)


class _Keeper:
    """The login that may write everywhere, on one connection."""

    def __init__(self, server: RadicaleServer) -> None:
        parts = urlsplit(server.url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        login = b64encode(f"{KEEPER}:{server.keeper_password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {login}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def has(self, calendar: str) -> bool:
        return self._ask("PROPFIND", f"/{calendar}/", allowed=(*DONE, MISSING), depth="0") != MISSING

    def fill(self, calendar: str, name: str, objects: tuple[CalendarObject, ...]) -> None:
        if not self.has(calendar):
            title, colour = TITLES[name]
            self._ask("MKCALENDAR", f"/{calendar}/", _MAKE_CALENDAR.format(title=escape(title), colour=colour))
        for one in objects:
            self._ask("PUT", f"/{calendar}/{one.name}", one.text, content_type="text/calendar; charset=utf-8")

    def _ask(
        self,
        method: str,
        path: str,
        body: str = "",
        *,
        allowed: tuple[int, ...] = DONE,
        content_type: str = "application/xml; charset=utf-8",
        depth: str = "",
    ) -> int:
        headers = self._headers | {"Content-Type": content_type} | ({"Depth": depth} if depth else {})
        self._connection.request(method, quote(path), body.encode(), headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status not in allowed:
            raise FillingFailed(f"The demo's CalDAV server answered {method} {path} with {answer.status}.")
        return answer.status
