"""Reschedule: the same appointment at another time."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Member
from availability.services.freshen import freshen
from availability.services.overbook import overbook_time
from availability.services.reserve import Reserved, SlotTaken, reserve_time
from availability.services.retry import durable
from bookings.models import Appointment, ChangeKind, Who
from bookings.queries.team import hosts_of
from bookings.queries.terms import terms_of
from bookings.services.book import answer_wanted_until
from bookings.services.history import CUSTOMER, Author, note_change
from bookings.services.standing import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    kept_still,
    refuse_closed,
    refuse_moved,
    refuse_run_out,
)

__all__ = [
    "AlreadyClosed",
    "AlreadyOver",
    "ChangedMeanwhile",
    "SlotTaken",
    "overbook_within",
    "reschedule_appointment",
]


def reschedule_appointment(
    appointment: Appointment,
    *,
    starts_at: datetime,
    now: datetime,
    by: Author = CUSTOMER,
    host: Member | None = None,
    overbook: bool = False,
    seen: str = "",
    reason: str = "",
    stands_at: datetime | None = None,
) -> None:
    """Move it to ``starts_at``: with the same host if the calendar keeps hosts and they are free, else with any.

    ``host``: to this one or not at all. ``overbook``: whatever stands against it; ``seen`` as in ``overbook_time``.
    ``stands_at``: where it is seen to stand; ChangedMeanwhile if it was moved elsewhere. The old time is free exactly
    if the new one was taken. Where bookings need approval, what a customer moved waits for it again. Raises SlotTaken
    with the reasons, AlreadyClosed (also of a request nobody answered in time) or AlreadyOver; nothing is changed
    then. Moving it to where it is changes nothing.
    """
    move = _Move(starts_at=starts_at, now=now, by=by, host=host, overbook=overbook, seen=seen, reason=reason)

    # whoever comes from the calendars outside has just read them
    is_read = overbook or by.who == Who.OUTSIDE
    if not is_read and appointment.is_active and _goes_elsewhere(appointment, move):
        prefer = _preferred(appointment)
        freshen(appointment.calendar, starts_at=starts_at, now=now, host=host, prefer=prefer, besides=appointment.uid)
    durable(lambda: _reschedule(appointment, move, stands_at))
    appointment.refresh_from_db()


def overbook_within(appointment: Appointment, *, starts_at: datetime, now: datetime, by: Author) -> None:
    """Move it with its host to ``starts_at``, whatever stands against it, as a part of the caller's transaction.

    Raises as ``reschedule_appointment`` does.
    """
    move = _Move(starts_at=starts_at, now=now, by=by, host=None, overbook=True, seen="", reason="")
    _reschedule(appointment, move, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    starts_at: datetime
    now: datetime
    by: Author
    host: Member | None
    overbook: bool
    seen: str
    reason: str


def _reschedule(appointment: Appointment, move: _Move, stands_at: datetime | None) -> None:
    standing = kept_still(appointment)
    refuse_closed(standing, move.now)
    refuse_run_out(standing, move.now)
    if _goes_elsewhere(standing, move):
        refuse_moved(standing, stands_at)
        _move(standing, move)


def _goes_elsewhere(appointment: Appointment, move: _Move) -> bool:
    return appointment.starts_at != move.starts_at or (move.host is not None and move.host != appointment.host)


def _preferred(appointment: Appointment) -> Member | None:
    return appointment.host if appointment.calendar.keeps_host else None


def _move(standing: Appointment, move: _Move) -> None:
    former, former_session = hosts_of(standing), standing.session_uid
    reserved = _time_for(standing, move)
    standing.host = reserved.member
    standing.starts_at, standing.ends_at = reserved.starts_at, reserved.ends_at
    standing.session_uid = reserved.session_uid
    standing.is_overbooked = move.overbook
    standing.showed_at = standing.no_show_at = None
    standing.changed_at = move.now
    standing.sequence += 1
    _ask_again(standing, move)
    standing.save()
    standing.further_hosts.set(reserved.members[1:])
    note_change(
        standing,
        ChangeKind.RESCHEDULED,
        by=move.by,
        now=move.now,
        reason=move.reason,
        former=former,
        former_session=former_session,
    )


def _time_for(standing: Appointment, move: _Move) -> Reserved:
    # the time this uid has already is looked through and replaced, so that a move by half its length is possible
    if move.overbook:
        return overbook_time(
            standing.calendar,
            starts_at=move.starts_at,
            uid=standing.uid,
            now=move.now,
            host=move.host or standing.host,
            seen=move.seen,
        )
    return reserve_time(
        standing.calendar,
        starts_at=move.starts_at,
        uid=standing.uid,
        now=move.now,
        host=move.host,
        prefer=_preferred(standing),
    )


def _ask_again(standing: Appointment, move: _Move) -> None:
    """What waits for an answer never waits beyond its start."""
    is_asked = move.by.who == Who.CUSTOMER and terms_of(standing.calendar).needs_approval
    if is_asked:
        standing.confirmed_at = None
    if standing.confirmed_at is None:
        standing.expires_at = answer_wanted_until(standing.starts_at, move.now)
