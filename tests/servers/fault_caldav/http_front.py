"""The server on a loopback port: keep-alive, an answer as late as asked for, and endings byte by byte."""

import socketserver
import threading
from collections.abc import Iterator
from http import HTTPStatus
from io import BufferedIOBase
from types import TracebackType
from typing import Self

from tests.servers.fault_caldav.exchange import Answer, Ending, Request
from tests.servers.fault_caldav.server import FaultCalDAV

_DRIP = 0.05


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024
    disable_nagle_algorithm = True


class HttpFront:
    """Context manager around ``server``, in a thread. ``seconds_an_answer``: how long each is kept back."""

    def __init__(self, server: FaultCalDAV, *, seconds_an_answer: float = 0.0, port: int = 0) -> None:
        self.server = server
        self.seconds_an_answer = seconds_an_answer
        self.stopping = threading.Event()
        self.connections = 0
        self._port = port

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self._listener.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.netloc}/"

    def __enter__(self) -> Self:
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                outer.connections += 1
                try:
                    while (request := _read(self.rfile)) and outer.answer(request, self.wfile):
                        pass
                except OSError:
                    return

        self._listener = _Listener(("127.0.0.1", self._port), Handler)
        self.server.origin = self.url.rstrip("/")
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def answer(self, request: Request, out: BufferedIOBase) -> bool:
        """False when the connection is to be closed now."""
        with self.server.waiting(request):
            if self.seconds_an_answer:
                self.stopping.wait(self.seconds_an_answer)
            answer = self.server.exchange(request)
        out.writelines(self._pieces(answer))
        return answer.ending is Ending.WHOLE and request.headers.get("connection", "").lower() != "close"

    def _pieces(self, answer: Answer) -> Iterator[bytes]:
        head = _head(answer)
        if answer.ending in {Ending.WHOLE, Ending.GOODBYE}:
            yield head + answer.body
        elif answer.ending is Ending.CUT_IN_HEAD:
            yield head[: len(head) // 2]
        elif answer.ending is Ending.CUT_IN_BODY:
            # Where there is no body to cut in, the blank line before it is missing.
            yield head + answer.body[: len(answer.body) // 2] if answer.body else head[:-2]
        elif answer.ending is Ending.DRIP:
            yield head
            while not self.stopping.wait(_DRIP):
                yield b" "
        elif answer.ending is Ending.SILENCE:
            self.stopping.wait()


def _head(answer: Answer) -> bytes:
    reason = HTTPStatus(answer.status).phrase if answer.status in HTTPStatus._value2member_map_ else "X"
    length = 1_000_000 if answer.ending is Ending.DRIP else len(answer.body)
    named = {"Content-Length": str(length), **answer.headers}
    if answer.status == 204:
        del named["Content-Length"]
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {answer.status} {reason}\r\n{lines}\r\n".encode()


def _read(stream: BufferedIOBase) -> Request | None:
    first = stream.readline().decode("latin-1").split()
    if len(first) != 3 or not first[2].startswith("HTTP/"):
        return None
    headers: dict[str, str] = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Request(first[0], first[1], headers, b"".join(_chunks(stream)))
    return Request(first[0], first[1], headers, stream.read(int(headers.get("content-length", "0"))))


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    while size := int(stream.readline().split(b";")[0] or b"0", 16):
        yield stream.read(size)
        stream.readline()
    while stream.readline().strip():
        pass
