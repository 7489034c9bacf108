"""Another CalDAV client, as on somebody's phone: standard library, plain requests, no knowledge of Holdfast."""

import http.client
import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

_MAKE = """<?xml version="1.0"?><C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>
<displayname>{name}</displayname><C:supported-calendar-component-set><C:comp name="VEVENT"/>
</C:supported-calendar-component-set></prop></set></C:mkcalendar>"""
_EVENT = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//phone//EN\r
BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:20261101T000000Z\r
DTSTART:{start:%Y%m%dT%H%M%SZ}\r
DTEND:{end:%Y%m%dT%H%M%SZ}\r
SUMMARY:{title}\r
{more}END:VEVENT\r
END:VCALENDAR\r
"""


@dataclass
class Phone:
    server_url: str
    username: str
    password: str = field(repr=False)

    def make_calendar(self, name: str) -> str:
        path = f"/{self.username}/{name.lower()}/"
        assert self._ask("MKCALENDAR", path, _MAKE.format(name=name))[0] == 201
        return self.server_url.rstrip("/") + path

    def add(self, calendar_url: str, *, start: datetime, end: datetime, title: str, more: str = "") -> str:
        """Put an event with times in UTC; its path."""
        uid = str(uuid4())
        path = f"{urlsplit(calendar_url).path}{uid}.ics"
        body = _EVENT.format(uid=uid, start=start, end=end, title=title, more=more)
        assert self._ask("PUT", path, body, {"If-None-Match": "*"})[0] == 201
        return path

    def remove(self, path: str) -> None:
        assert self._ask("DELETE", path)[0] in (200, 204)

    def events(self, calendar_url: str) -> list[str]:
        """Every object of the calendar, as text."""
        path = urlsplit(calendar_url).path
        listing = self._ask("PROPFIND", path, headers={"Depth": "1"})[1]
        hrefs = re.findall(r"<(?:\w+:)?href>([^<]*\.ics)</", listing)
        return [self._ask("GET", href)[1] for href in hrefs]

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
        split = urlsplit(self.server_url)
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=10)
        secret = b64encode(f"{self.username}:{self.password}".encode()).decode()
        try:
            connection.request(method, path, body.encode(), {"Authorization": f"Basic {secret}", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
