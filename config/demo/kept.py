"""What the demo keeps between its starts besides database and calendars: passwords and the CalDAV server's port."""

import json
import secrets
import string
from pathlib import Path
from typing import TypedDict

from config.embedded import local

# read off a screen and typed: nothing that looks like something else
ALPHABET = "".join(sorted({*string.ascii_lowercase, *string.digits} - {*"il1o0"}))
PASSWORD_LENGTH = 16


class _Stored(TypedDict):
    logins: dict[str, str]
    caldav_logins: dict[str, str]
    caldav_port: int
    filled: list[str]


class Kept:
    """``demo.json`` in the folder ``.local``, readable by its owner alone; passwords are made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "demo.json"
        local.open_folder(folder)
        self._stored: _Stored = {"logins": {}, "caldav_logins": {}, "caldav_port": 0, "filled": []}
        if self._path.exists():
            self._stored |= json.loads(self._path.read_text())

    def knows(self, email: str) -> bool:
        """Whether the password of this login has been made in an earlier start."""
        return email in self._stored["logins"]

    def password(self, email: str) -> str:
        """Of a login at the site."""
        return self._password(self._stored["logins"], email)

    def caldav_password(self, username: str) -> str:
        """Of a login at the demo's CalDAV server."""
        return self._password(self._stored["caldav_logins"], username)

    @property
    def caldav_port(self) -> int:
        """The port the demo's connections name; 0 before there is one."""
        return self._stored["caldav_port"]

    @caldav_port.setter
    def caldav_port(self, port: int) -> None:
        self._stored["caldav_port"] = port
        self._write()

    def is_filled(self, calendar: str) -> bool:
        """Whether the calendar (``user/name``) got all its events in an earlier start."""
        return calendar in self._stored["filled"]

    def mark_filled(self, calendar: str) -> None:
        if not self.is_filled(calendar):
            self._stored["filled"].append(calendar)
            self._write()

    def _password(self, passwords: dict[str, str], name: str) -> str:
        if name not in passwords:
            passwords[name] = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
            self._write()
        return passwords[name]

    def _write(self) -> None:
        local.write_private(self._path, json.dumps(self._stored, indent=1) + "\n")
