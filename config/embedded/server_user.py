"""Whom PostgreSQL runs as: it refuses root, so root must find it somebody else to be."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

# root outside and nobody inside: PostgreSQL is content, and closed folders of root stay readable to it
AS_NOBODY_INSIDE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
PREFERRED_USERS = ("postgres", "nobody")


class NobodyToRunAs(RuntimeError):
    """Root may neither become another user here nor enter a user namespace."""


class ProcessOptions(TypedDict, total=False):
    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True)
class ServerUser:
    """How PostgreSQL's programs are started, and who owns what they write (None: whoever runs us)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def options(self) -> ProcessOptions:
        if self.uid is None or self.gid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def own(self, path: Path) -> None:
        """Hand over a file or a whole folder; it may have belonged to another user in an earlier start."""
        if self.uid is None or self.gid is None or not path.exists() or path.stat().st_uid == self.uid:
            return
        for folder, _, files in os.walk(path, topdown=False):
            for name in files:
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)
            os.chown(folder, self.uid, self.gid)
        # last, so that a hand-over that was cut short is done again
        os.chown(path, self.uid, self.gid)


def choose_server_user(*, folder: Path, binaries: Path) -> ServerUser:
    """Ourselves, unless we are root; then a user to whom both folders are open, else a namespace."""
    if os.geteuid() != 0:
        return ServerUser()
    for name in PREFERRED_USERS:
        user = _user_called(name)
        if user and _can_work(user, folder=folder, binaries=binaries):
            return user
    inside = ServerUser(prefix=AS_NOBODY_INSIDE, uid=0, gid=0)
    if _can_work(inside, folder=folder, binaries=binaries):
        return inside
    raise NobodyToRunAs(
        f"PostgreSQL does not run as root, user namespaces are not allowed here, and {folder} or {binaries} is "
        "closed to other users. Open the folders above them (chmod o+x), run as an ordinary user, or set DATABASE_URL."
    )


def _user_called(name: str) -> ServerUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return ServerUser(uid=entry.pw_uid, gid=entry.pw_gid)


def _can_work(user: ServerUser, *, folder: Path, binaries: Path) -> bool:
    # tried rather than reckoned from mode bits: access lists and mounts have a say too
    try:
        tried = subprocess.run(
            [*user.prefix, "sh", "-c", 'test -x "$1" && "$2" --version', "sh", folder, binaries / "initdb"],
            cwd="/",
            capture_output=True,
            check=False,
            **user.options(),
        )
    except OSError:
        return False
    return tried.returncode == 0
