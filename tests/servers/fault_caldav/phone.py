"""What people do to their calendars with their own devices: past HTTP, past every fault, at once."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from urllib.parse import quote

from tests.servers.fault_caldav.store import Calendar, Login, Stored, uid_of

_EVENT = re.compile(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_TIME = re.compile(r"^(DTSTART|DTEND|DURATION)[;:][^\r\n]*\r\n", re.MULTILINE)


class Phone:
    """The logins and their calendars, and the hand that changes them."""

    def __init__(self) -> None:
        self.logins: dict[str, Login] = {}
        self.lock = threading.RLock()
        self._lines = count(1)

    def add_login(self, username: str = "ada@example.com", password: str = "abcd-efgh-ijkl-mnop") -> Login:
        login = Login(username, password, f"/calendars/{username}/", f"/principals/{username}/")
        self.logins[username] = login
        return login

    def add_calendar(
        self,
        login: Login,
        title: str = "Work",
        *,
        slug: str = "",
        components: tuple[str, ...] = ("VEVENT",),
        writable: bool = True,
        subscribed: bool = False,
    ) -> Calendar:
        """At the path ``home + slug``; made again after a removal it has other tokens than before."""
        with self.lock:
            slug = slug or title.lower().replace(" ", "-")
            calendar = Calendar(login, slug, title, components=components, writable=writable, subscribed=subscribed)
            calendar.line = next(self._lines)
            login.calendars[slug] = calendar
            return calendar

    def remove_calendar(self, calendar: Calendar) -> None:
        with self.lock:
            del calendar.login.calendars[calendar.slug]

    def move_home(self, login: Login, home: str) -> None:
        """All calendars of the login lie under another path from now on."""
        with self.lock:
            login.home = home

    def forget_tokens(self, calendar: Calendar) -> None:
        """No token given so far is known any more."""
        with self.lock:
            calendar.line = next(self._lines)

    def put(self, calendar: Calendar, name: str, text: str | bytes) -> Stored:
        """Over whatever lies there; the text need not be a proper object."""
        with self.lock:
            return calendar.store(name, text.encode() if isinstance(text, str) else text)

    def remove(self, calendar: Calendar, name: str) -> None:
        with self.lock:
            calendar.drop(name)

    def find(self, uid: str) -> tuple[Calendar, str]:
        """The calendar and the name of the object with this UID. Raises LookupError."""
        for login in self.logins.values():
            held = login.holder_of(uid)
            if held is not None:
                return held
        raise LookupError(uid)

    def text_of(self, uid: str) -> str:
        calendar, name = self.find(uid)
        return calendar.objects[name].text.decode()

    def edit(self, uid: str, change: Callable[[str], str]) -> None:
        with self.lock:
            calendar, name = self.find(uid)
            calendar.store(name, change(calendar.objects[name].text.decode()).encode())

    def move(self, uid: str, start: datetime, end: datetime) -> None:
        """To another time, as a phone does it: nothing else is touched."""
        self.edit(uid, lambda text: with_times(text, start, end))

    def copy(self, uid: str, new_uid: str, *, to: Calendar | None = None) -> None:
        """A duplicate with an identity of its own, under a name no one could guess from it."""
        with self.lock:
            calendar, name = self.find(uid)
            text = calendar.objects[name].text.decode().replace(f"UID:{uid}", f"UID:{new_uid}")
            (to or calendar).store(f"copy-{quote(new_uid, safe='')}.ics", text.encode())

    def move_to(self, uid: str, calendar: Calendar) -> None:
        """Into another calendar: deleted here, there under a new name with the same identity."""
        with self.lock:
            old, name = self.find(uid)
            stored = old.drop(name)
            calendar.store(f"moved-{quote(uid_of(stored.text), safe='')}.ics", stored.text)

    def delete(self, uid: str) -> None:
        with self.lock:
            calendar, name = self.find(uid)
            calendar.drop(name)

    def texts(self, calendar: Calendar | None = None) -> dict[str, str]:
        """All objects by path, of one calendar or of all."""
        with self.lock:
            chosen = (
                [calendar] if calendar else [one for login in self.logins.values() for one in login.calendars.values()]
            )
            return {one.path + name: stored.text.decode() for one in chosen for name, stored in one.objects.items()}


def with_times(text: str, start: datetime, end: datetime) -> str:
    """The first event's times in UTC."""

    def changed(event: re.Match[str]) -> str:
        stamps = f"DTSTART:{_stamp(start)}\r\nDTEND:{_stamp(end)}\r\n"
        return _TIME.sub("", event[0]).replace("BEGIN:VEVENT\r\n", f"BEGIN:VEVENT\r\n{stamps}", 1)

    return _EVENT.sub(changed, text, count=1)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
