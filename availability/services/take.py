"""Write host time that was judged free, under the locks: rows of hosts, or a seat of a session."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from availability.core.rules import Reason, ReasonCode
from availability.models import Calendar, CalendarType, ClassSession, HostTime, HostTimeKind, Seat
from availability.services.release import free, purge_seats
from availability.services.versions import raise_versions

_INSERT = """
    INSERT INTO availability_hosttime
        (user_id, calendar_id, uid, kind, starts_at, ends_at, exclusive, buffer_before, buffer_after, booked_at,
         expires_at)
    SELECT host.user_id, %(calendar)s, %(uid)s, %(kind)s, %(starts_at)s, %(ends_at)s, %(exclusive)s, %(before)s,
           %(after)s, %(booked_at)s, CASE WHEN %(kind)s = 'hold' THEN statement_timestamp() + %(held_for)s END
      FROM unnest(%(users)s::bigint[]) AS host (user_id) ORDER BY host.user_id
    ON CONFLICT DO NOTHING RETURNING user_id, expires_at
"""


class Lost(Exception):
    """Somebody else was quicker."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__()


@dataclass(frozen=True, slots=True)
class Taking:
    """Which time of which users for whom; the hold ``hold`` is given up for it."""

    calendar: Calendar
    users: tuple[int, ...]
    starts_at: datetime
    uid: UUID
    kind: HostTimeKind
    hold: UUID | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.calendar.duration


class Taken(NamedTuple):
    session_uid: UUID | None
    expires_at: datetime | None


def take(taking: Taking, *, now: datetime) -> Taken:
    """Under the hosts' locks. What the taker and the hold had before is given back. ``Lost`` if the time is gone."""
    booked_at = _first_booked(taking, now)
    free({taking.uid, taking.hold or taking.uid}, now=now)
    _forget_expired_holds(taking)
    if taking.calendar.type == CalendarType.CLASS:
        return _take_seat(taking, booked_at, now=now)
    expires_at = _insert_all(taking, taking.users, taking.uid, taking.kind, booked_at)
    if taking.kind != HostTimeKind.HOLD:
        _tell(taking, now)
    return Taken(None, expires_at)


def take_knowingly(taking: Taking, *, now: datetime) -> Taken:
    """As ``take``, beside whatever has the time already: an overlap is written without the constraint's proof.

    A seat that is not there cannot be taken knowingly either, nor a session begun in another appointment: ``Lost``.
    """
    if taking.calendar.type == CalendarType.CLASS:
        return take(taking, now=now)
    booked_at = _first_booked(taking, now)
    free({taking.uid}, now=now)
    _forget_expired_holds(taking)
    written = _insert(taking, taking.users, taking.uid, taking.kind, booked_at)
    others = [user for user in taking.users if user not in written]
    if others:
        _insert(taking, others, taking.uid, taking.kind, booked_at, exclusive=False)
    _tell(taking, now)
    return Taken(None, None)


def _first_booked(taking: Taking, now: datetime) -> datetime:
    """When the taker was first booked: moving an appointment does not make it a new one."""
    times = HostTime.objects.filter(uid=taking.uid, calendar=taking.calendar).exclude(kind=HostTimeKind.HOLD)
    seats = Seat.objects.filter(uid=taking.uid, session__calendar=taking.calendar, expires_at=None)
    earlier = seats if taking.calendar.type == CalendarType.CLASS else times
    return min(earlier.values_list("booked_at", flat=True), default=now)


def _forget_expired_holds(taking: Taking) -> None:
    near = HostTime.objects.filter(user_id__in=taking.users).reaching(taking.starts_at, taking.ends_at)
    near.filter(kind=HostTimeKind.HOLD, expires_at__lte=Now()).delete()


def _insert_all(
    taking: Taking, users: Sequence[int], uid: UUID, kind: HostTimeKind, booked_at: datetime
) -> datetime | None:
    """A row for each user or ``Lost``; when the hold expires, if it is one."""
    written = _insert(taking, users, uid, kind, booked_at)
    if len(written) < len(users):
        raise Lost((Reason(ReasonCode.BOOKED),))
    return written[users[0]]


def _insert(
    taking: Taking,
    users: Sequence[int],
    uid: UUID,
    kind: HostTimeKind,
    booked_at: datetime,
    *,
    exclusive: bool = True,
) -> dict[int, datetime | None]:
    """The users whose time could be taken, each with the end of the hold, if it is one."""
    arguments: dict[str, Any] = {
        "users": list(users),
        "calendar": taking.calendar.pk,
        "uid": uid,
        "kind": kind.value,
        "exclusive": exclusive,
        "starts_at": taking.starts_at,
        "ends_at": taking.ends_at,
        "before": taking.calendar.buffer_before,
        "after": taking.calendar.buffer_after,
        "booked_at": booked_at,
        "held_for": timedelta(seconds=settings.HOLD_SECONDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, arguments)
        return dict(cursor.fetchall())


def _take_seat(taking: Taking, booked_at: datetime, *, now: datetime) -> Taken:
    """A seat of the session that begins then, or of a new one (T2)."""
    (user,) = taking.users
    session = ClassSession.objects.filter(
        calendar=taking.calendar, user_id=user, starts_at=taking.starts_at, ends_at=taking.ends_at
    ).first()
    if session:
        purge_seats(session)
    else:
        session = _open_session(taking, user, booked_at, now=now)
    seats = ClassSession.objects.filter(pk=session.pk, seats_taken__lt=F("seats"))
    if not seats.update(seats_taken=F("seats_taken") + 1):
        raise Lost((Reason(ReasonCode.SEATS),))
    seat = Seat(session=session, uid=taking.uid, booked_at=booked_at)
    if taking.kind == HostTimeKind.HOLD:
        seat.expires_at = Now() + timedelta(seconds=settings.HOLD_SECONDS)
    seat.save()
    seat.refresh_from_db(fields=["expires_at"])
    return Taken(session.uid, seat.expires_at)


def _open_session(taking: Taking, user: int, booked_at: datetime, *, now: datetime) -> ClassSession:
    uid = uuid4()
    _insert_all(taking, (user,), uid, HostTimeKind.SESSION, booked_at)
    _tell(taking, now)
    return ClassSession.objects.create(
        calendar=taking.calendar,
        user_id=user,
        uid=uid,
        starts_at=taking.starts_at,
        ends_at=taking.ends_at,
        seats=taking.calendar.seats,
    )


def _tell(taking: Taking, now: datetime) -> None:
    stretch = (taking.starts_at - taking.calendar.buffer_before, taking.ends_at + taking.calendar.buffer_after)
    for user in sorted(taking.users):
        raise_versions(user, (stretch,), now=now)
