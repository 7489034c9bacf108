"""Reschedule: the same appointment at another time."""

from datetime import datetime

from django.db.models import F

from availability.services.reserve import SlotTaken, reserve_time
from availability.services.retry import durable
from bookings.models import Appointment
from bookings.services.cancel import AlreadyOver
from bookings.signals import item_changed

__all__ = ["AlreadyCancelled", "AlreadyOver", "SlotTaken", "reschedule_appointment"]


class AlreadyCancelled(Exception):
    """The appointment was cancelled; its time may belong to somebody else by now."""


def reschedule_appointment(appointment: Appointment, *, starts_at: datetime, now: datetime) -> None:
    """Move it to ``starts_at``: with the same host if the calendar keeps hosts and they are free, else with any.

    The old time is free exactly if the new one was taken. Raises SlotTaken with the reasons, AlreadyCancelled or
    AlreadyOver; nothing is changed then. Moving it to where it is changes nothing.
    """

    def reschedule() -> None:
        # the bare row first: one that was waited for may have another host than it was found with
        Appointment.objects.select_for_update().get(pk=appointment.pk)
        standing = Appointment.objects.select_related("calendar__account", "host__user").get(pk=appointment.pk)
        if _may_move(standing, starts_at, now):
            _move(standing, starts_at, now)

    durable(reschedule)
    appointment.refresh_from_db(fields=("starts_at", "ends_at", "host", "session_uid", "changed_at", "sequence"))


def _may_move(standing: Appointment, starts_at: datetime, now: datetime) -> bool:
    if standing.cancelled_at:
        raise AlreadyCancelled
    if standing.ends_at <= now:
        raise AlreadyOver
    return standing.starts_at != starts_at


def _move(standing: Appointment, starts_at: datetime, now: datetime) -> None:
    # the time this uid has already is looked through and replaced, so that a move by half its length is possible
    prefer = standing.host if standing.calendar.keeps_host else None
    reserved = reserve_time(standing.calendar, starts_at=starts_at, uid=standing.uid, now=now, prefer=prefer)
    Appointment.objects.filter(pk=standing.pk).update(
        host=reserved.member,
        starts_at=reserved.starts_at,
        ends_at=reserved.ends_at,
        session_uid=reserved.session_uid,
        changed_at=now,
        sequence=F("sequence") + 1,
    )
    standing.further_hosts.set(reserved.members[1:])
    for uid in dict.fromkeys((standing.session_uid or standing.uid, reserved.session_uid or standing.uid)):
        item_changed.send(Appointment, uid=uid, now=now)
