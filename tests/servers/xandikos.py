"""Xandikos on loopback: a second real CalDAV server, without passwords."""

from dataclasses import dataclass
from pathlib import Path

from config.embedded.loopback import HOST, LoopbackServer, start_module


@dataclass
class XandikosServer:
    url: str
    calendar_path: str
    _server: LoopbackServer

    def stop(self) -> None:
        self._server.stop()


def start_xandikos(folder: Path) -> XandikosServer:
    """With the calendar its defaults bring."""
    folder.mkdir(parents=True, exist_ok=True)

    def arguments(port: int) -> list[str]:
        places = ["--directory", str(folder / "data"), "--state-dir", str(folder / "state")]
        return ["serve", *places, "--defaults", "--no-detect-systemd", "-l", HOST, "-p", str(port)]

    server = start_module("xandikos", arguments, log_file=folder / "xandikos.log")
    return XandikosServer(f"http://{HOST}:{server.port}/", "/user/calendars/calendar/", server)
