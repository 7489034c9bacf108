"""A TCP proxy before PostgreSQL that cuts the link around a COMMIT, as a network does at the worst moment."""

import contextlib
import enum
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_COMMIT = b"COMMIT\x00"
_CHUNK = 65_536


class Cut(enum.Enum):
    """Before the COMMIT gets through; as soon as it is on its way; when the server has done it and said so."""

    BEFORE = enum.auto()
    UNDER_WAY = enum.auto()
    DONE = enum.auto()


class TcpProxy:
    """Context manager. Passes everything on, until ``cut_at_commit`` asks for an accident; ``cuts`` counts them.

    ``only_after``: commits count that come after such a statement on the same link.
    """

    def __init__(self, host: str, port: int, *, only_after: str) -> None:
        self._target = (host, port)
        self._only_after = only_after.encode()
        self._planned: list[Cut] = []
        self._links: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.cuts = 0

    @property
    def port(self) -> int:
        found: int = self._listener.getsockname()[1]
        return found

    def cut_at_commit(self, *cuts: Cut) -> None:
        """The next commits that count, of whatever link, meet with these accidents in turn."""
        self._planned.extend(cuts)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _end(self._listener)
        for link in self._links:
            _end(link)
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._links += [client, server]
            done = threading.Event()
            self._start(self._to_server, client, server, done)
            self._start(self._to_client, server, client, done)

    def _to_server(self, client: socket.socket, server: socket.socket, done: threading.Event) -> None:
        counts = False
        while said := _receive(client):
            counts |= self._only_after in said
            if counts and said.endswith(_COMMIT) and self._planned:
                self._cut(self._planned.pop(0), client, server, said, done)
                return
            _send(server, said)
        _end(server)

    def _cut(self, cut: Cut, client: socket.socket, server: socket.socket, said: bytes, done: threading.Event) -> None:
        """What the server answers from here on reaches nobody."""
        self.cuts += 1
        if cut is Cut.DONE:
            # the other direction ends both links when the answer is there
            done.set()
            _send(server, said)
            return
        _end(client)
        if cut is Cut.UNDER_WAY:
            _send(server, said)
        _end(server)

    def _to_client(self, server: socket.socket, client: socket.socket, done: threading.Event) -> None:
        while said := _receive(server):
            if done.is_set():
                break
            _send(client, said)
        _end(client)
        _end(server)


def _receive(link: socket.socket) -> bytes:
    try:
        return link.recv(_CHUNK)
    except OSError:
        return b""


def _send(link: socket.socket, said: bytes) -> None:
    try:
        link.sendall(said)
    except OSError:
        _end(link)


def _end(link: socket.socket) -> None:
    """Wakes whoever reads from it, too."""
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
