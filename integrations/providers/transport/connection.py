"""One HTTP/1.1 connection to a checked address. An exchange ends with the whole answer or with an error."""

import http.client
import io
import select
import socket
import ssl
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from integrations.ports import NotACalendarServer, TemporarilyUnavailable, TlsFailed, Unreachable
from integrations.providers.transport.addresses import Address
from integrations.providers.transport.deadline import Deadline
from integrations.providers.transport.policy import DEFAULT_PORTS, Origin

LARGEST_ANSWER = 32 * 1024 * 1024
_PIECE = 64 * 1024
_TOO_LARGE = "The server's answer is too large."
_NONSENSE = "The server's answer is not understandable."


class AnswerTooLarge(TemporarilyUnavailable):
    """More bytes than anybody needs. Asking for less may help."""


class ConnectionLost(TemporarilyUnavailable):
    """The connection ended before the answer was complete: whether the request was carried out is unknown."""


class Answer(NamedTuple):
    """A complete answer. Names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """Kept open between exchanges; closed by the first error."""

    def __init__(self, origin: Origin, sock: socket.socket) -> None:
        self._origin = origin
        self._socket = sock
        self._http = http.client.HTTPConnection(origin.host, origin.port)
        self._reusable = True

    @property
    def usable(self) -> bool:
        """Whether another exchange may go over it: open, and silent since the last answer."""
        return self._reusable and not _readable(self._socket)

    def close(self) -> None:
        self._reusable = False
        self._http.close()
        self._socket.close()

    def exchange(
        self, method: str, target: str, *, headers: Mapping[str, str], body: bytes | None, deadline: Deadline
    ) -> Answer:
        """Send one request and read its answer to the end."""
        self._http.sock = _TimedSocket(self._socket, deadline)
        try:
            answer = self._exchange(method, target, headers, body)
        except TimeoutError:
            self.close()
            raise Unreachable("The server did not answer in time.") from None
        except (http.client.RemoteDisconnected, http.client.IncompleteRead, OSError, EOFError):
            self.close()
            raise ConnectionLost("The connection was cut before the server's answer was complete.") from None
        except (http.client.HTTPException, ValueError):
            self.close()
            raise NotACalendarServer(_NONSENSE) from None
        except BaseException:
            self.close()
            raise
        if not self._reusable:
            self.close()
        return answer

    def _exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        self._http.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        self._http.putheader("Host", _host_header(self._origin))
        self._http.putheader("Accept-Encoding", "identity")
        for name, value in headers.items():
            self._http.putheader(name, value)
        if body is not None:
            self._http.putheader("Content-Length", str(len(body)))
        self._http.endheaders(body)
        response = self._http.getresponse()
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise NotACalendarServer("The server's answer is compressed although it was asked not to be.")
        content = _read(response)
        self._reusable = not response.will_close
        named = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, named, content)


def connect(origin: Origin, addresses: Collection[Address], ca_file: Path | None, deadline: Deadline) -> Connection:
    """To the first of the checked addresses that answers, under the server's own name."""
    for address in addresses:
        sock = _connected(address, origin.port, deadline)
        if sock is not None:
            return Connection(origin, _secured(sock, origin, ca_file, deadline))
    raise Unreachable("The server cannot be reached.")


def _connected(address: Address, port: int, deadline: Deadline) -> socket.socket | None:
    try:
        sock = socket.create_connection((str(address), port), timeout=deadline.remaining())
    except OSError:
        return None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _secured(sock: socket.socket, origin: Origin, ca_file: Path | None, deadline: Deadline) -> socket.socket:
    if origin.scheme != "https":
        return sock
    try:
        sock.settimeout(deadline.remaining())
        return _tls(ca_file).wrap_socket(sock, server_hostname=origin.host)
    except TimeoutError:
        sock.close()
        raise Unreachable("The server did not answer in time.") from None
    except ssl.SSLCertVerificationError:
        sock.close()
        raise TlsFailed("The server's certificate could not be verified.") from None
    except (ssl.SSLError, OSError):
        sock.close()
        raise TlsFailed("A secure connection to the server could not be made.") from None


@lru_cache(maxsize=8)
def _tls(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _read(response: http.client.HTTPResponse) -> bytes:
    if response.length is not None and response.length > LARGEST_ANSWER:
        raise AnswerTooLarge(_TOO_LARGE)
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(_PIECE):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise AnswerTooLarge(_TOO_LARGE)
        pieces.append(piece)
    if response.length:
        raise EOFError
    return b"".join(pieces)


def _host_header(origin: Origin) -> str:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    return host if origin.port == DEFAULT_PORTS[origin.scheme] else f"{host}:{origin.port}"


def _readable(sock: socket.socket) -> bool:
    """Between two exchanges nothing is said: what can be read then is the other side's good-bye."""
    try:
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


class _TimedSocket:
    """What http.client needs of a socket, every read and write of it under one deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._socket = sock
        self._deadline = deadline

    def sendall(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            self._socket.settimeout(self._deadline.remaining())
            view = view[self._socket.send(view) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return _LineReader(_TimedStream(self._socket, self._deadline))

    def close(self) -> None:
        """The connection owns the socket and closes it."""


class _TimedStream(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(self._deadline.remaining())
        size = self._socket.recv_into(buffer)
        self._deadline.received(bytes(buffer[:size]))
        return size


class _LineReader(io.BufferedReader):
    """Lines are read in the head of an answer and between chunks only: there, an end is a cut."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(-1 if size is None else size)
        if not line.endswith(b"\n") and (size is None or size < 0 or len(line) < size):
            raise EOFError
        return line
