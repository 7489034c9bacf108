"""A small HTTP server on loopback that says, byte for byte, what a test tells it to say."""

import socketserver
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[Request], bytes | Iterable[bytes]]


def answer(
    status: int = 207, body: str | bytes = b"", *, reason: str = "X", keep: bool = False, **headers: str
) -> bytes:
    """A well-formed answer; ``Retry_After="3"`` becomes ``Retry-After: 3``."""
    content = body.encode() if isinstance(body, str) else body
    named = {"Content_Length": str(len(content)), "Content_Type": "application/xml", **headers}
    if not keep:
        named["Connection"] = "close"
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode() + content


def multistatus(*rows: str, token: str = "") -> str:
    end = f"<d:sync-token>{token}</d:sync-token>" if token else ""
    return (
        '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" '
        'xmlns:s="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/">'
        f"{''.join(rows)}{end}</d:multistatus>"
    )


def row(href: str, props: str = "", *, status: str = "HTTP/1.1 200 OK") -> str:
    found = f"<d:propstat><d:prop>{props}</d:prop><d:status>{status}</d:status></d:propstat>"
    return f"<d:response><d:href>{href}</d:href>{found}</d:response>"


def gone(href: str, status: int = 404) -> str:
    return f"<d:response><d:href>{href}</d:href><d:status>HTTP/1.1 {status} X</d:status></d:response>"


@dataclass
class ScriptedServer:
    """Context manager. ``requests`` is what was asked; each answer ends its connection unless it says ``keep``."""

    script: Script
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.netloc}/"

    def __enter__(self) -> Self:
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                while request := _read(self.rfile):
                    outer.requests.append(request)
                    said = outer.script(request)
                    try:
                        for piece in [said] if isinstance(said, bytes) else said:
                            self.wfile.write(piece)
                    except OSError:
                        return
                    if not isinstance(said, bytes) or b"\r\nConnection: close" in said or not said:
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _read(stream: BinaryIO) -> Request | None:
    first = stream.readline().decode("latin-1").split()
    # a greeting of TLS may happen to be three words long too
    if len(first) != 3 or not first[2].startswith("HTTP/"):
        return None
    headers: dict[str, str] = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Request(first[0], first[1], headers, body)
