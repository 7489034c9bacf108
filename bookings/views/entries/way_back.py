"""The way back from a move: what was before, signed, in the message that says what was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core import signing

from accounts.access import StaffRequest
from bookings.models import Appointment, OwnItem
from bookings.templatetags.undoing import PREFIX

LASTS = timedelta(minutes=10)
_SALT = "bookings.undo"

Entry = OwnItem | Appointment


@dataclass(frozen=True, slots=True)
class Before:
    """Where an entry was; ``members``, by their ids, are who had it, an appointment's host alone."""

    starts_at: datetime
    ends_at: datetime
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WayBack:
    """``edition`` is the entry's ``sequence`` after the move that can be taken back."""

    before: Before
    edition: int
    until: datetime


def before_move(entry: Entry) -> Before:
    """Where ``entry`` is now."""
    members = (
        (entry.host_id,) if isinstance(entry, Appointment) else tuple(entry.assignees.values_list("pk", flat=True))
    )
    return Before(entry.starts_at, entry.ends_at, members)


def offer_undo(request: StaffRequest, said: str, *, done: Entry, before: Before, now: datetime) -> None:
    """Say that ``done`` was moved, with the way back to where it was ``before``."""
    known = {
        "uid": str(done.uid),
        "starts_at": before.starts_at.isoformat(),
        "ends_at": before.ends_at.isoformat(),
        "members": before.members,
        "edition": done.sequence,
        "until": (now + LASTS).isoformat(),
    }
    messages.success(request, said, extra_tags=f"{PREFIX}{done.uid}/{signing.dumps(known, salt=_SALT)}")


def read_way_back(signed: str, uid: UUID) -> WayBack | None:
    """None for what was not signed here, or is about something else."""
    try:
        known = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    if known["uid"] != str(uid):
        return None
    starts_at, ends_at, until = (datetime.fromisoformat(known[name]) for name in ("starts_at", "ends_at", "until"))
    return WayBack(Before(starts_at, ends_at, tuple(known["members"])), known["edition"], until)
