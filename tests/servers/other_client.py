"""What the host's phone does: another client that puts and removes objects, without our code in between."""

import base64
import http.client
from urllib.parse import urlsplit


class OtherClient:
    def __init__(self, server_url: str, username: str, password: str) -> None:
        self._netloc = urlsplit(server_url).netloc
        pair = base64.b64encode(f"{username}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}

    def put(self, url: str, text: str) -> None:
        assert self._ask("PUT", url, text.encode(), {"Content-Type": "text/calendar"}) in {200, 201, 204}

    def remove(self, url: str) -> None:
        assert self._ask("DELETE", url) in {200, 204}

    def make_calendar(self, url: str, body: str = "") -> None:
        assert self._ask("MKCALENDAR", url, body.encode(), {"Content-Type": "application/xml"}) == 201

    def text(self, url: str) -> str:
        connection = http.client.HTTPConnection(self._netloc, timeout=20)
        try:
            connection.request("GET", urlsplit(url).path, headers=self._headers)
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read().decode()
        finally:
            connection.close()

    def _ask(self, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPConnection(self._netloc, timeout=20)
        try:
            connection.request(method, urlsplit(url).path, body, {**self._headers, **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()
