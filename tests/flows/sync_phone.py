"""What hosts do with their phones in a trial: to events of their own, and to our copies."""

import re
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db.models import Q

from integrations.models import RemoteCopy
from tests.flows.sync_ledger import Booking, Edit, Foreign, Kind, Ledger, Span, item_of
from tests.flows.sync_world import HALF_HOUR, ZONE, Account, SyncWorld
from tests.servers.fault_caldav import Calendar
from tests.servers.fault_caldav.phone import with_times

_HOUR = timedelta(hours=1)
_TIMES = re.compile(r"^DT(?:START|END)(?:;TZID=([^:]+))?:(\d{8}T\d{6})(Z?)\r$", re.MULTILINE)
_ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:{note}\r\nEND:VALARM\r\n"


class Phones:
    """Each edit is written into the ledger as it is made."""

    def __init__(self, world: SyncWorld, ledger: Ledger, random: Random) -> None:
        self._world, self._ledger, self._random = world, ledger, random
        # the path of the one copy they are looking at, if any
        self.focus = ""

    # ── events of their own ──────────────────────────────────────────────────────────────────────────────────────

    def add(self) -> None:
        calendar = self._any_calendar()
        name = f"{self._random.getrandbits(32):x}.ics"
        text, busy = self._event(f"{name}@phone", 0)
        self._put(calendar, name, Foreign(text, busy))

    def change(self) -> None:
        found = self._any_event()
        if found is not None:
            calendar, name, event = found
            version = event.version + 1
            text, busy = self._event(f"{name}@phone", version)
            self._put(calendar, name, Foreign(text, busy, version))

    def remove(self) -> None:
        found = self._any_event()
        if found is not None:
            calendar, name, _event = found
            self._world.server.remove(calendar, name)
            del self._ledger.events[calendar.path + name]
            self._ledger.note("phone removes", calendar.path + name)

    # ── our copies ───────────────────────────────────────────────────────────────────────────────────────────────

    def move(self, *, into_the_night: bool = False, longer: bool = False) -> None:
        found = self._any_copy()
        if found is None:
            return
        account, calendar, name, uid = found
        text = self._text(calendar, name)
        start, end = span_of(text)
        length = 2 * _HOUR if longer else end - start
        if into_the_night:
            start = self._random.choice(self._world.days) + self._random.randint(14, 18) * HALF_HOUR + 6 * _HOUR
        elif not longer:
            start = self._random.choice(self._world.starts)
        span = (start, start + length)
        if span != span_of(text):
            self._world.server.put(calendar, name, with_times(text, *span))
            known = uid in self._known(account, calendar)
            self._note(
                uid, Edit(Kind.MOVED, account.host, span=span, known=known), f"to {span[0]:%d %H:%M}–{span[1]:%H:%M}"
            )

    def annotate(self) -> None:
        found = self._any_copy()
        if found is None:
            return
        account, calendar, name, uid = found
        note = f"note-{self._random.getrandbits(40):x}"
        more = self._random.choice((f"COMMENT:{note}\r\n", _ALARM.format(note=note)))
        text = self._text(calendar, name).replace("END:VEVENT", f"{more}END:VEVENT", 1)
        self._world.server.put(calendar, name, text)
        self._note(uid, Edit(Kind.NOTED, account.host, note=note), note)

    def discard(self) -> None:
        found = self._any_copy()
        if found is not None:
            self._discard(*found)

    def discard_all(self) -> None:
        """All of one calendar at once, by a slip of the finger."""
        found = self._any_copy()
        if found is None:
            return
        account, calendar, _name, _uid = found
        doomed = [one for one in self._copies() if one[1] is calendar]
        known = self._known(account, calendar)
        if len(doomed) > 3 and all(uid in known for *_rest, uid in doomed):
            self._ledger.mass_removal |= {uid for *_rest, uid in doomed}
        for one in doomed:
            self._discard(*one)

    def duplicate(self) -> None:
        found = self._any_copy()
        if found is None:
            return
        _account, calendar, name, uid = found
        text, copy = self._text(calendar, name), f"copy-{self._random.getrandbits(32):x}.ics"
        busy = frozenset({span_of(text)})
        text = re.sub(r"^UID:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", f"UID:{copy}@phone", text, flags=re.MULTILINE)
        self._put(calendar, copy, Foreign(text, busy))
        self._ledger.note("which is a duplicate of", uid)

    def carry(self) -> None:
        """Into another calendar of the same login."""
        found = self._any_copy()
        if found is None:
            return
        account, calendar, name, uid = found
        others = [other for other, _remote in account.folders if other is not calendar]
        if others:
            into = self._random.choice(others)
            known = uid in self._known(account, calendar)
            stored = calendar.drop(name)
            if stored.uid not in into.uids:
                into.store(f"carried-{uuid4().hex[:8]}.ics", stored.text)
            self._note(uid, Edit(Kind.CARRIED, account.host, into=into, known=known), "into", into.slug)

    # ── choosing and writing ─────────────────────────────────────────────────────────────────────────────────────

    def _any_calendar(self) -> Calendar:
        folders = [calendar for account in self._world.accounts for calendar, _remote in account.folders]
        return self._random.choice(folders)

    def _any_event(self) -> tuple[Calendar, str, Foreign] | None:
        paths = sorted(self._ledger.events)
        if not paths:
            return None
        path = self._random.choice(paths)
        folder, _slash, name = path.rpartition("/")
        calendar = next(
            calendar
            for account in self._world.accounts
            for calendar, _remote in account.folders
            if calendar.path == folder + "/"
        )
        return calendar, name, self._ledger.events[path]

    def _copies(self) -> list[tuple[Account, Calendar, str, UUID]]:
        return [
            (account, calendar, name, uid)
            for account in self._world.accounts
            for calendar, _remote in account.folders
            for name, stored in calendar.objects.items()
            if (uid := item_of(stored.uid)) is not None
        ]

    def has(self, path: str) -> bool:
        """Whether one of our copies lies there."""
        return any(calendar.path + name == path for _account, calendar, name, _uid in self._copies())

    def _any_copy(self) -> tuple[Account, Calendar, str, UUID] | None:
        copies = self._copies()
        copies = [one for one in copies if one[1].path + one[2] == self.focus] or copies
        return self._random.choice(copies) if copies else None

    def _discard(self, account: Account, calendar: Calendar, name: str, uid: UUID) -> None:
        known = uid in self._known(account, calendar)
        self._world.server.remove(calendar, name)
        self._note(uid, Edit(Kind.REMOVED, account.host, known=known), "known" if known else "not known yet")

    def _known(self, account: Account, calendar: Calendar) -> set[UUID]:
        """Of which we had it in writing that a copy lies there; not of those on their way to another primary."""
        primary = self._world.hosts[account.host].primary
        assert primary is not None
        written = RemoteCopy.objects.filter(remote_calendar__key=_key(calendar)).exclude(url="")
        staying = Q(remote_calendar__key=_key(primary)) | Q(stands_in_for__key=_key(primary))
        return set(written.filter(staying).values_list("uid", flat=True))

    def _text(self, calendar: Calendar, name: str) -> str:
        return calendar.objects[name].text.decode()

    def _put(self, calendar: Calendar, name: str, event: Foreign) -> None:
        self._world.server.put(calendar, name, event.text)
        self._ledger.events[calendar.path + name] = event
        self._ledger.note("phone puts", calendar.path + name, sorted(f"{start:%d %H:%M}" for start, _end in event.busy))

    def _note(self, uid: UUID, edit: Edit, *words: object) -> None:
        # a copy the site never told us of: its booking died after the commit
        self._ledger.bookings.setdefault(uid, Booking([])).edits.append(edit)
        self._ledger.changes += 1
        self._ledger.note("phone:", uid, edit.kind.value, *words)

    def _event(self, uid: str, version: int) -> tuple[str, frozenset[Span]]:
        start = self._random.choice(self._world.starts) + self._random.choice((0, 10, 20)) * timedelta(minutes=1)
        end = start + self._random.choice((1, 2, 4)) * HALF_HOUR
        kind = self._random.choice(("plain", "plain", "series", "all day", "free"))
        lines = [f"DTSTART:{_stamp(start)}", f"DTEND:{_stamp(end)}"]
        busy = {(start, end)}
        if kind == "series":
            lines.append("RRULE:FREQ=DAILY;COUNT=3")
            busy = {(start + day * timedelta(days=1), end + day * timedelta(days=1)) for day in range(3)}
        elif kind == "all day":
            day = datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(ZONE))
            lines = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}"]
            busy = {(day.astimezone(ZoneInfo("UTC")), (day + timedelta(days=1)).astimezone(ZoneInfo("UTC")))}
        elif kind == "free":
            lines.append("TRANSP:TRANSPARENT")
            busy = set()
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Phone//EN", "BEGIN:VEVENT", f"UID:{uid}"]
        body = ["DTSTAMP:20261101T000000Z", *lines, f"SUMMARY:Own business {version}", "END:VEVENT", "END:VCALENDAR"]
        return "\r\n".join([*head, *body, ""]), frozenset(busy)


def span_of(text: str) -> Span:
    """When the one event of a text is, read with nothing but a pattern. Raises ValueError for what is no such event."""
    start, end = (
        datetime.strptime(digits, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo("UTC" if utc else zone))
        for zone, digits, utc in _TIMES.findall(text)[:2]
    )
    if "DTEND" in text.partition("DTSTART")[0]:
        start, end = end, start
    return start.astimezone(ZoneInfo("UTC")), end.astimezone(ZoneInfo("UTC"))


def _key(calendar: Calendar) -> str:
    return calendar.path.rstrip("/")


def _stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")
