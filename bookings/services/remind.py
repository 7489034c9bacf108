"""Remind: what is coming up is told to its customers, at the offsets each calendar sets (B7)."""

from datetime import datetime

from django.db import connection, transaction

from accounts.services.outgoing import Addressed, Queued, queue_mails
from bookings.models import Appointment
from bookings.models.terms import a_day_before

_BATCH = 500

# Of the offsets whose moment has come the nearest counts, so that nobody is reminded twice at once after a standstill.
# Whoever booked, moved or was confirmed after that moment has had a mail that says the same.
_DUE = """
    SELECT appointment.id, due.minutes
    FROM bookings_appointment AS appointment
    LEFT JOIN bookings_bookingterms AS terms ON terms.calendar_id = appointment.calendar_id
    CROSS JOIN LATERAL (
        SELECT min(minutes) AS minutes FROM unnest(COALESCE(terms.reminders, %(usual)s)) AS minutes
        WHERE appointment.starts_at - make_interval(mins => minutes) <= %(now)s
    ) AS due
    WHERE appointment.confirmed_at IS NOT NULL AND COALESCE(
            appointment.cancelled_at, appointment.declined_at, appointment.expired_at
        ) IS NULL
        AND appointment.starts_at > %(now)s AND appointment.starts_at <= %(now)s + make_interval(mins => GREATEST(
            (SELECT max(minutes) FROM unnest(%(usual)s) AS minutes),
            (SELECT max(minutes) FROM bookings_bookingterms, unnest(reminders) AS minutes)
        ))
        AND appointment.changed_at <= appointment.starts_at - make_interval(mins => due.minutes)
        AND NOT EXISTS (
            SELECT FROM accounts_outgoingmail AS mail
            WHERE mail.subject_uid = appointment.uid AND mail.sequence = appointment.sequence
                AND mail.kind = 'reminder_' || due.minutes
        )
    ORDER BY appointment.starts_at, appointment.id
    LIMIT %(batch)s
"""


def queue_reminders(*, now: datetime) -> int:
    """Queue each reminder whose moment has come, once for each time an appointment is moved to; how many there were.

    Level, not edge: how often this runs, and what was missed, changes nothing.
    """
    queued = 0
    while found := _queue_batch(now):
        queued += found
    return queued


def _queue_batch(now: datetime) -> int:
    with transaction.atomic(durable=True):
        due = _due(now)
        coming = Appointment.objects.select_related("calendar__account", "contact").in_bulk(due)
        queue_mails([_reminder(appointment, due[pk]) for pk, appointment in coming.items()], due_at=now)
    return len(coming)


def _due(now: datetime) -> dict[int, int]:
    """Appointment → minutes before its start."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "usual": a_day_before(), "batch": _BATCH})
        return dict(cursor.fetchall())


def _reminder(appointment: Appointment, minutes: int) -> Queued:
    return Queued(
        account=appointment.calendar.account,
        subject_uid=appointment.uid,
        sequence=appointment.sequence,
        mail=Addressed(f"reminder_{minutes}", appointment.contact.email),
    )
