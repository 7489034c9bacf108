"""The guarded transport against servers that misbehave, and against addresses that are none of our business."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from integrations.ports import (
    LoginRefused,
    NotACalendarServer,
    NotAllowed,
    TemporarilyUnavailable,
    TlsFailed,
    Unreachable,
)
from integrations.providers.transport.connection import AnswerTooLarge, ConnectionLost
from integrations.providers.transport.policy import ServerPolicy
from integrations.providers.transport.session import GuardedSession
from tests.servers.scripted import Request, Script, ScriptedServer, answer

PASSWORD = "canary-password"


class Login:
    username = "ada"
    password = PASSWORD


@pytest.fixture
def serve() -> Iterator[Callable[[Script], ScriptedServer]]:
    running: list[ScriptedServer] = []

    def start(script: Script) -> ScriptedServer:
        running.append(ScriptedServer(script).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__(None, None, None)


def session_for(server: ScriptedServer, *, deadline: float = 10, also: tuple[str, ...] = ()) -> GuardedSession:
    policy = ServerPolicy(allowed_private=(server.netloc, *also), deadline=timedelta(seconds=deadline))
    return GuardedSession(server.url, policy)


def get(session: GuardedSession, url: str) -> bytes:
    return session.request("GET", url, auth=Login()).content


def test_whole_answer_is_handed_over_with_the_credentials_sent(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: answer(200, "hello"))

    assert get(session_for(server), server.url + "x?y=1#z") == b"hello"
    assert [(request.method, request.path) for request in server.requests] == [("GET", "/x?y=1")]
    assert server.requests[0].headers["authorization"] == "Basic YWRhOmNhbmFyeS1wYXNzd29yZA=="
    assert server.requests[0].headers["host"] == server.netloc


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 2",
        b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Le",
        b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\n",
        b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 100\r\n\r\n",
        b"HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ],
)
def test_answer_that_is_cut_short_is_never_an_answer(said: bytes, serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: [said])

    with pytest.raises(ConnectionLost):
        get(session_for(server), server.url)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 70_000,
        answer(200, gzip.compress(b"0" * 1_000_000), Content_Encoding="gzip"),
    ],
)
def test_answer_nobody_should_read_is_not_read(said: bytes, serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: [said])

    with pytest.raises(NotACalendarServer):
        get(session_for(server), server.url)


def test_endless_answer_is_cut_off(serve: Callable[[Script], ScriptedServer]) -> None:
    def endless(_request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 207 X\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"100000\r\n" + b"x" * 0x100000 + b"\r\n"

    server = serve(endless)

    with pytest.raises(AnswerTooLarge):
        get(session_for(server, deadline=60), server.url)


def test_answer_announced_as_too_large_is_not_even_begun(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: [b"HTTP/1.1 207 X\r\nContent-Length: 50000000\r\n\r\n"])

    with pytest.raises(AnswerTooLarge):
        get(session_for(server), server.url)


def test_endless_preliminaries_run_into_the_total_deadline(serve: Callable[[Script], ScriptedServer]) -> None:
    def wait_a_little_more(_request: Request) -> Iterator[bytes]:
        while not server.stopping.wait(0.01):
            yield b"HTTP/1.1 100 Continue\r\n\r\n"

    server = serve(wait_a_little_more)

    with pytest.raises(Unreachable):
        get(session_for(server, deadline=0.5), server.url)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 X\r\nContent-Length: 1000000\r\n\r\n"])
def test_server_that_drips_runs_into_the_total_deadline(head: bytes, serve: Callable[[Script], ScriptedServer]) -> None:
    def drip(_request: Request) -> Iterator[bytes]:
        yield head
        while not server.stopping.wait(0.02):
            yield b"x"

    server = serve(drip)

    with pytest.raises(Unreachable):
        get(session_for(server, deadline=0.5), server.url)


class LeaseLost(Exception):
    """Another worker has taken over."""


def beating(server: ScriptedServer, heartbeat: Callable[[], None]) -> GuardedSession:
    policy = ServerPolicy(allowed_private=(server.netloc,), heartbeat=heartbeat, beat_every=timedelta(0))
    return GuardedSession(server.url, policy)


def test_heart_beats_while_an_answer_arrives(serve: Callable[[Script], ScriptedServer]) -> None:
    went_on = threading.Event()

    def long_answer(_request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 207 X\r\nContent-Length: 10\r\n\r\nhello"
        assert went_on.wait(30)
        yield b"world"

    server = serve(long_answer)
    session = beating(server, went_on.set)

    assert get(session, server.url) == b"helloworld"
    session.close()


def test_heart_that_stops_ends_the_exchange(serve: Callable[[Script], ScriptedServer]) -> None:
    def lost() -> None:
        raise LeaseLost

    server = serve(lambda _request: answer(200, "hello", keep=True))
    session = beating(server, lost)

    for _ in range(2):
        with pytest.raises(LeaseLost):
            get(session, server.url)

    assert server.connections == 2


@pytest.mark.parametrize("method", ["GET", "REPORT"])
def test_all_exchanges_of_a_session_somebody_waits_for_end_together(
    method: str, serve: Callable[[Script], ScriptedServer]
) -> None:
    def first_answer_only(request: Request) -> bytes:
        if len(server.requests) > 1:
            server.stopping.wait(30)
        return answer(200, "hello", keep=True)

    server = serve(first_answer_only)
    policy = ServerPolicy(allowed_private=(server.netloc,), altogether=timedelta(seconds=0.5))
    session = GuardedSession(server.url, policy)

    assert get(session, server.url) == b"hello"
    with pytest.raises(Unreachable):
        session.request(method, server.url, auth=Login())


def test_connection_is_kept_for_the_next_question(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: answer(200, "hello", keep=True))
    session = session_for(server)

    get(session, server.url)
    get(session, server.url)

    assert (len(server.requests), server.connections) == (2, 1)
    session.close()


def test_question_is_asked_again_when_a_kept_connection_turns_out_closed(
    serve: Callable[[Script], ScriptedServer],
) -> None:
    server = serve(lambda _request: answer(200, "hello", keep=True) if len(server.requests) != 2 else b"")
    session = session_for(server)

    get(session, server.url)

    assert get(session, server.url) == b"hello"
    session.close()


def test_write_whose_answer_is_lost_is_not_sent_again(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: answer(200, "hello", keep=True) if len(server.requests) != 2 else b"")
    session = session_for(server)
    get(session, server.url)

    with pytest.raises(ConnectionLost):
        session.request("PUT", server.url, data=b"x", auth=Login())

    assert [request.method for request in server.requests] == ["GET", "PUT"]
    session.close()


def test_redirect_is_not_followed(serve: Callable[[Script], ScriptedServer]) -> None:
    other = serve(lambda _request: answer(200, "caught"))
    server = serve(lambda _request: answer(302, Location=other.url))

    reply = session_for(server, also=(other.netloc,)).request("GET", server.url, auth=Login())

    assert reply.status_code == 302
    assert other.requests == []


def test_other_server_is_not_even_asked(serve: Callable[[Script], ScriptedServer]) -> None:
    other = serve(lambda _request: answer(200, "caught"))
    server = serve(lambda _request: answer(200, "hello"))

    with pytest.raises(NotAllowed):
        get(session_for(server, also=(other.netloc,)), other.url)

    assert other.connections == 0


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        netloc = f"127.0.0.1:{closed.getsockname()[1]}"
        session = GuardedSession(f"http://{netloc}/", ServerPolicy(allowed_private=(netloc,)))

        with pytest.raises(Unreachable):
            get(session, f"http://{netloc}/")


def test_server_without_tls_cannot_be_asked_over_https(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda _request: answer(200, "hello"))
    url = f"https://{server.netloc}/"

    with pytest.raises(TlsFailed):
        get(GuardedSession(url, ServerPolicy(allowed_private=(server.netloc,))), url)


def test_no_error_tells_the_password_or_the_answer(serve: Callable[[Script], ScriptedServer]) -> None:
    server = serve(lambda request: [b"HTTP/1.1 207 X\r\nContent-Length: 99\r\n\r\nremote secret"])

    with pytest.raises(TemporarilyUnavailable) as raised:
        get(session_for(server), server.url + "secret-path")

    said = f"{raised.value!r} {raised.value} {raised.value.__cause__!r}"
    assert not any(word in said for word in (PASSWORD, "remote secret", "secret-path", server.netloc))
    assert not isinstance(raised.value, LoginRefused)
