"""The CalDAV server that demo and tests start."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from config.embedded.radicale import start_radicale
from integrations.ports import Credentials
from integrations.providers.caldav.adapter import CalDAVProvider
from integrations.providers.transport.session import GuardedSession
from tests.integrations.providers.remotes import MAKE_EVENT_CALENDAR, policy_for
from tests.servers.other_client import OtherClient

STARTER = """
import sys
from pathlib import Path
from config.embedded.radicale import start_radicale
print(start_radicale(Path(sys.argv[1]), {"ada": "secret"}).pid, flush=True)
sys.stdin.read()
"""


def test_second_start_finds_the_calendars_of_the_first(tmp_path: Path) -> None:
    for number in (1, 2):
        with start_radicale(tmp_path / "dav", {"ada": "secret"}) as server:
            if number == 1:
                client = OtherClient(server.url, "ada", "secret")
                client.make_calendar(f"{server.url}ada/work/", MAKE_EVENT_CALENDAR.format(name="W", kind="VEVENT"))
            provider = CalDAVProvider(
                Credentials(server.url, "ada", "secret"), GuardedSession(server.url, policy_for(server.url))
            )
            found = [calendar.name for calendar in provider.list_calendars(provider.find_home())]
            provider.close()

        assert found == ["W"]


def test_passwords_are_in_no_file_that_others_may_read(tmp_path: Path) -> None:
    with start_radicale(tmp_path / "dav", {"ada": "secret"}) as server:
        modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "dav").iterdir() if path.is_file()}

        assert (modes["users"], modes["rights"]) == (0, 0)
        assert "secret" not in repr(server) + server.log_file.read_text()


def test_server_ends_with_its_starter_even_when_that_is_killed(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "dav")],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    handle = os.pidfd_open(pid)

    starter.send_signal(signal.SIGKILL)
    starter.wait()

    assert select.select([handle], [], [], 10)[0] == [handle]
    os.close(handle)
    starter.stdout.close()
    assert starter.stdin is not None
    starter.stdin.close()
