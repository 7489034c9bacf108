"""Give time back: what a taker has, and what was held for too long."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from availability.models import ClassSession, HostTime, HostTimeKind, Seat
from availability.services.locks import lock_calendar, lock_hosts
from availability.services.retry import durable
from availability.services.versions import raise_versions


def release_time(uid: UUID, *, now: datetime) -> None:
    """Free all time of the taker or hold ``uid``, within the caller's transaction; none at all is fine."""
    seat = Seat.objects.filter(uid=uid).select_related("session__calendar").first()
    if seat:
        lock_calendar(seat.session.calendar)
    lock_hosts(users_of({uid}))
    free({uid}, now=now)


def release_expired_holds(*, now: datetime) -> int:
    """Give back what was held for too long; how many stretches of hosts and seats that were."""
    gone = HostTime.objects.filter(kind=HostTimeKind.HOLD, expires_at__lte=Now()).delete()[0]
    sessions = ClassSession.objects.filter(places__expires_at__lte=Now()).select_related("calendar").distinct()
    for session in sessions:
        gone += durable(partial(_empty_seats, session, now))
    return gone


def _empty_seats(session: ClassSession, now: datetime) -> int:
    lock_calendar(session.calendar)
    lock_hosts((session.user_id,))
    gone = purge_seats(session)
    _close_if_empty(session, now)
    return gone


def users_of(uids: Collection[UUID]) -> set[int]:
    """The users who give these takers their time."""
    times = HostTime.objects.filter(uid__in=uids).values_list("user_id", flat=True)
    seats = Seat.objects.filter(uid__in=uids).values_list("session__user_id", flat=True)
    return {*times, *seats}


def free(uids: Collection[UUID], *, now: datetime) -> None:
    """Under the locks of all hosts concerned: delete their time and seats, sessions with their last seat."""
    times = HostTime.objects.filter(uid__in=uids)
    for time in times.exclude(kind=HostTimeKind.HOLD).order_by("user_id"):
        _tell(time, now)
    times.delete()
    for seat in Seat.objects.filter(uid__in=uids).select_related("session"):
        gone, _by_model = seat.delete()
        ClassSession.objects.filter(pk=seat.session_id).update(seats_taken=F("seats_taken") - gone)
        purge_seats(seat.session)
        _close_if_empty(seat.session, now)


def purge_seats(session: ClassSession) -> int:
    """Under the locks: give back the seats of a session that were held for too long; the session stays."""
    gone, _by_model = Seat.objects.filter(session=session, expires_at__lte=Now()).delete()
    ClassSession.objects.filter(pk=session.pk).update(seats_taken=F("seats_taken") - gone)
    return gone


def _close_if_empty(session: ClassSession, now: datetime) -> None:
    if not ClassSession.objects.filter(pk=session.pk, seats_taken=0).delete()[0]:
        return
    times = HostTime.objects.filter(uid=session.uid)
    for time in times:
        _tell(time, now)
    times.delete()


def _tell(time: HostTime, now: datetime) -> None:
    raise_versions(time.user_id, ((time.starts_at - time.buffer_before, time.ends_at + time.buffer_after),), now=now)
