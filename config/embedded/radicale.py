"""A CalDAV server of our own for the demo and for tests: Radicale, with users and read-only calendars."""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from config.embedded import local
from config.embedded.loopback import HOST, LoopbackServer, start_module

KEEPER = "keeper"
COLLECTIONS = "collections"


@dataclass
class RadicaleServer:
    """A running server; a context manager that stops it.

    The user ``keeper`` may write everywhere, also into calendars that are read-only for their owners.
    """

    url: str
    pid: int
    log_file: Path
    keeper_password: str = field(repr=False)
    _server: LoopbackServer = field(repr=False)

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_radicale(
    folder: Path, users: Mapping[str, str], *, port: int = 0, read_only: Collection[str] = ()
) -> RadicaleServer:
    """Start a server that keeps its calendars in ``folder``, which may hold those of an earlier start.

    ``users``: passwords by name. ``port``: 0 for a free one. ``read_only``: calendars their owners may only read, as
    ``user/calendar`` or, for everybody's of that name, ``calendar``. Raises ServerDidNotStart.
    """
    local.open_folder(folder)
    keeper_password = secrets.token_urlsafe(24)
    passwords = {**users, KEEPER: keeper_password}
    local.write_private(folder / "users", "".join(f"{name}:{word}\n" for name, word in passwords.items()))
    local.write_private(folder / "rights", _rights(read_only))
    _make_homes(folder / COLLECTIONS, users)
    server = start_module(
        "radicale", lambda chosen: _arguments(folder, chosen), log_file=folder / "radicale.log", port=port
    )
    return RadicaleServer(f"http://{HOST}:{server.port}/", server.pid, server.log_file, keeper_password, server)


def _make_homes(collections: Path, users: Collection[str]) -> None:
    """The server makes a home when its owner first signs in; the keeper may want to fill it before."""
    for name in users:
        (collections / "collection-root" / name).mkdir(mode=0o700, parents=True, exist_ok=True)


def _arguments(folder: Path, port: int) -> list[str]:
    options = {
        "--config": "",
        "--server-hosts": f"{HOST}:{port}",
        "--auth-type": "htpasswd",
        "--auth-htpasswd-filename": str(folder / "users"),
        "--auth-htpasswd-encryption": "plain",
        "--auth-delay": "0",
        "--rights-type": "from_file",
        "--rights-file": str(folder / "rights"),
        "--storage-filesystem-folder": str(folder / COLLECTIONS),
        "--logging-level": "warning",
    }
    return [part for name, value in options.items() for part in (name, value)]


def _rights(read_only: Collection[str]) -> str:
    """First match wins. Upper-case letters are for folders, lower-case ones for calendars."""
    rules = [("keeper", KEEPER, ".*", "RrWw")]
    for number, name in enumerate(read_only):
        owner, _, calendar = name.rpartition("/")
        path = f"{re.escape(owner) if owner else '[^/]+'}/{re.escape(calendar)}"
        rules.append((f"read-only-{number}", ".+", f"(?={{user}}/){_literal(path)}(/.*)?", "r"))
    rules += [
        ("root", ".+", "", "R"),
        ("home", ".+", "{user}", "RW"),
        ("calendars", ".+", "{user}/[^/]+", "rw"),
    ]
    return "\n".join(
        f"[{name}]\nuser: {user}\ncollection: {collection}\npermissions: {letters}\n"
        for name, user, collection, letters in rules
    )


def _literal(pattern: str) -> str:
    """The rights file fills braces in and reads percent signs as references."""
    return pattern.replace("{", "{{").replace("}", "}}").replace("%", "%%")
