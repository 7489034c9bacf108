"""What other tests rely on in the fault server beyond the provider's contract."""

import base64
import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.servers.fault_caldav import DirectSession, FaultCalDAV, HttpFront, Killed, Login, faults, open_direct
from tests.servers.fault_caldav.__main__ import fill, ordinary_event
from tests.servers.fault_caldav.chance import by_chance
from tests.servers.fault_caldav.exchange import Request

ROOT = Path(__file__).parents[2]
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)


def signed_in(login: Login) -> dict[str, str]:
    pair = base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.mark.parametrize("condition", [{"If-None-Match": "*"}, {"If-Match": '"other"'}, {"If-Match": 'W/"1-0"'}])
@pytest.mark.parametrize(("heeds", "status"), [(True, 412), (False, 204)])
def test_conditions_hold_unless_the_server_is_told_to_ignore_them(
    heeds: bool, status: int, condition: dict[str, str]
) -> None:
    server = FaultCalDAV()
    login = server.add_login()
    calendar = server.add_calendar(login)
    fill(server, calendar, 1)
    server.quirks.heeds_conditions = heeds

    said = server.handle(
        "PUT", calendar.path + "0.ics", {**signed_in(login), **condition}, ordinary_event(0, version=1).encode()
    )

    assert said[0] == status


def test_ten_changes_among_many_objects_are_told_in_ten_rows() -> None:
    server = FaultCalDAV()
    login = server.add_login()
    calendar = server.add_calendar(login)
    fill(server, calendar, 2000)
    provider = open_direct(server, login)
    since = calendar.token
    for number in range(10):
        server.put(calendar, f"{number}.ics", ordinary_event(number, version=1))
    server.forget_log()

    provider.list_changes(server.url_of(calendar), since=since)

    assert server.bytes_out < 5000


def test_phone_moves_copies_and_carries_away_an_event() -> None:
    server = FaultCalDAV()
    login = server.add_login()
    work, home = server.add_calendar(login, "Work"), server.add_calendar(login, "Home")
    fill(server, work, 1)
    uid = "event-0@example.com"

    server.move(uid, TEN, TEN)
    server.copy(uid, "copy@example.com")
    server.move_to(uid, home)

    assert server.find(uid)[0] is home
    assert server.text_of(uid).replace(uid, "copy@example.com") == server.text_of("copy@example.com")
    assert "DTSTART:20261201T100000Z\r\nDTEND:20261201T100000Z\r\n" in server.text_of(uid)
    assert len(server.texts()) == 2


def test_who_asks_can_be_killed_before_and_after_the_request_is_carried_out() -> None:
    server = FaultCalDAV()
    login = server.add_login()
    calendar = server.add_calendar(login)
    fill(server, calendar, 2)
    provider = open_direct(server, login)
    server.faults = faults.on("DELETE", faults.kill_before(), faults.kill_after())

    for name in ("0.ics", "1.ics"):
        with pytest.raises(Killed):
            provider.delete(server.url_of(calendar) + name, etag="")

    assert list(calendar.objects) == ["0.ics"]


def test_something_else_can_happen_around_every_exchange() -> None:
    server = FaultCalDAV()
    login = server.add_login()
    calendar = server.add_calendar(login)
    session = DirectSession(server)
    session.before = lambda _request: fill(server, calendar, 1)
    provider = open_direct(server, login, session=session)

    assert len(provider.list_changes(server.url_of(calendar), since="").present) == 1


def test_dice_fall_the_same_way_for_the_same_seed() -> None:
    def met(seed: int) -> list[object]:
        choose = by_chance(Random(seed), rate=0.5)
        return [choose(Request("PUT", "/")) for _ in range(40)]

    assert met(1) == met(1) != met(2)


def test_requests_of_one_login_at_the_same_time_are_counted() -> None:
    server = FaultCalDAV()
    login = server.add_login()
    together = threading.Barrier(3, timeout=20)
    server.faults = faults.always(faults.meanwhile(together.wait))
    with HttpFront(server) as front:
        threads = [threading.Thread(target=ask, args=(front.netloc, "OPTIONS", "/", login)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert server.max_inflight == {login.username: 3}


def test_server_of_its_own_process_changes_events_and_tells_what_was_asked(tmp_path: Path) -> None:
    login = Login("user1", "password", "", "")
    with own_process(tmp_path, "--objects", "5", "--logins", "2") as netloc:
        assert ask(netloc, "GET", "/calendars/user1/work/4.ics", login)[0] == 200
        ask(netloc, "POST", "/.control/change?count=2")
        text = ask(netloc, "GET", "/calendars/user1/work/1.ics", login)[1].decode()
        counts = json.loads(ask(netloc, "GET", "/.control/counts")[1])

    assert "SEQUENCE:6" in text
    assert (counts["counts"], counts["most"]["user1"]) == ({"GET": 2}, 1)


@contextmanager
def own_process(folder: Path, *arguments: str) -> Iterator[str]:
    port_file = folder / "port"
    command = [sys.executable, "-m", "tests.servers.fault_caldav", "--port-file", str(port_file), *arguments]
    with subprocess.Popen(command, cwd=ROOT) as process:
        listening = threading.Event()
        while not port_file.exists() and process.poll() is None:
            listening.wait(0.02)
        yield f"127.0.0.1:{port_file.read_text()}"
        process.terminate()


def ask(netloc: str, method: str, target: str, login: Login | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(netloc, timeout=20)
    try:
        connection.request(method, target, headers=signed_in(login) if login else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
