"""What the server holds: logins, their calendars, and objects with the order in which they changed."""

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

_UID = re.compile(rb"^UID(?:;[^:\r\n]*)?:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")
_ALARM = re.compile(rb"BEGIN:VALARM.*?END:VALARM", re.DOTALL | re.IGNORECASE)


@dataclass(slots=True)
class Stored:
    """``before`` is what readers still see for ``stale_reads`` more reads; None there: nothing."""

    text: bytes
    etag: str
    uid: str
    before: "Stored | None" = None
    stale_reads: int = 0


@dataclass
class Login:
    """``home``: path of the folder of its calendars. ``home_server``: origin its home is said to be on, if not here."""

    username: str
    password: str
    home: str
    principal: str
    home_server: str = ""
    calendars: "dict[str, Calendar]" = field(default_factory=dict)

    def holder_of(self, uid: str) -> "tuple[Calendar, str] | None":
        """Where in this login an object with this UID lies."""
        return next(((one, one.uids[uid]) for one in self.calendars.values() if uid in one.uids), None)


@dataclass
class Calendar:
    """``slug``: its last path segment, decoded. ``line``: part of its tokens; a new one makes all old ones unknown."""

    login: Login
    slug: str
    title: str
    colour: str = "#3366CCFF"
    components: tuple[str, ...] = ("VEVENT",)
    writable: bool = True
    readable: bool = True
    subscribed: bool = False
    line: int = 0
    revision: int = 0
    objects: dict[str, Stored] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)
    moved: "OrderedDict[str, int]" = field(default_factory=OrderedDict)
    listings: dict[str, tuple[object, bytes]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{self.login.home}{self.slug}/"

    @property
    def token(self) -> str:
        return self.token_at(self.revision)

    def token_at(self, revision: int) -> str:
        return f"http://fault.example.com/sync/{self.line}/{revision}"

    def revision_of(self, token: str) -> int | None:
        """None for a token this calendar does not know."""
        prefix, _, number = token.rpartition("/")
        if prefix != f"http://fault.example.com/sync/{self.line}" or not number.isdecimal():
            return None
        return int(number) if int(number) <= self.revision else None

    def store(self, name: str, text: bytes, *, stale_reads: int = 0) -> Stored:
        before = self.objects.get(name)
        if before is not None:
            self.uids.pop(before.uid, None)
            before.before = None
        self._touch(name)
        stored = Stored(text, f'"{self.revision}-{zlib.crc32(text):08x}"', uid_of(text))
        stored.before, stored.stale_reads = (before, stale_reads) if stale_reads else (None, 0)
        self.objects[name] = stored
        if stored.uid:
            self.uids[stored.uid] = name
        return stored

    def drop(self, name: str) -> Stored:
        stored = self.objects.pop(name)
        self.uids.pop(stored.uid, None)
        self._touch(name)
        return stored

    def read(self, name: str) -> Stored | None:
        """As a reader sees it: for a while what was there before."""
        stored = self.objects.get(name)
        if stored is None or not stored.stale_reads:
            return stored
        stored.stale_reads -= 1
        return stored.before

    def changes_after(self, revision: int) -> Iterator[tuple[str, int]]:
        """Names and revisions, oldest change first; costs as much as there are changes."""
        newest: list[tuple[str, int]] = []
        for name in reversed(self.moved):
            if self.moved[name] <= revision:
                break
            newest.append((name, self.moved[name]))
        return reversed(newest)

    def _touch(self, name: str) -> None:
        self.revision += 1
        self.moved.pop(name, None)
        self.moved[name] = self.revision


def uid_of(text: bytes) -> str:
    """Empty when the object names none."""
    return next(iter(uids_in(text)), "")


def uids_in(text: bytes) -> tuple[str, ...]:
    """Each UID once, in order; those of alarms are none."""
    bare = _ALARM.sub(b"", text) if b"VALARM" in text else text
    found = (_FOLD.sub(b"", match[1]).decode("utf-8", "replace").strip() for match in _UID.finditer(bare))
    return tuple(dict.fromkeys(found))
