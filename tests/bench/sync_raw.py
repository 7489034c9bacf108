"""The same questions as ours over a connection that is kept, and nothing read of the answers but what is asked next."""

import base64
import http.client
import re
from collections.abc import Iterator, Sequence
from typing import Self
from urllib.parse import urlsplit

BATCH = 50
_HREF = re.compile(rb"<(?:\w+:)?href>([^<]+\.ics)</")
_TOKEN = re.compile(rb"<(?:\w+:)?sync-token>([^<]+)</")
_DAV = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_HOME = f"<d:propfind {_DAV}><d:prop><d:resourcetype/><d:displayname/><d:sync-token/></d:prop></d:propfind>"
_SYNC = (
    f"<d:sync-collection {_DAV}><d:sync-token>%s</d:sync-token><d:sync-level>1</d:sync-level>"
    "<d:prop><d:getetag/></d:prop></d:sync-collection>"
)
_MULTIGET = f"<c:calendar-multiget {_DAV}><d:prop><d:getetag/><c:calendar-data/></d:prop>%s</c:calendar-multiget>"


class RawReader:
    """One calendar of one login. It remembers the token, so that it can be asked what changed."""

    def __init__(self, server: str, home: str, calendar: str, login: tuple[str, str]) -> None:
        pair = base64.b64encode(":".join(login).encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/xml"}
        self._http = http.client.HTTPConnection(urlsplit(server).netloc)
        self._home, self._calendar = home, calendar
        self._token = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def read(self) -> int:
        """Everything, or what has changed since; how many objects were named."""
        self._ask("PROPFIND", self._home, _HOME, depth="1")
        listed = self._ask("REPORT", self._calendar, _SYNC % self._token.decode(), depth="0")
        self._token = _TOKEN.findall(listed)[-1]
        hrefs = _HREF.findall(listed)
        for batch in _batches(hrefs):
            named = b"".join(b"<d:href>%b</d:href>" % href for href in batch).decode()
            self._ask("REPORT", self._calendar, _MULTIGET % named)
        return len(hrefs)

    def _ask(self, method: str, path: str, body: str, *, depth: str | None = None) -> bytes:
        headers = self._headers if depth is None else {**self._headers, "Depth": depth}
        text = f'<?xml version="1.0" encoding="utf-8"?>{body}'
        self._http.request(method, path, text.encode(), headers)
        answer = self._http.getresponse()
        content = answer.read()
        if answer.status != 207:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return content


def _batches(hrefs: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (hrefs[at : at + BATCH] for at in range(0, len(hrefs), BATCH))
