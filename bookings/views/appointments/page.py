"""One appointment, as whoever works here sees it."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from availability.queries.assignments import assignment_of
from bookings.forms.staff import ReasonForm
from bookings.models import Appointment
from bookings.ports import copies_of
from bookings.queries.history import history_of
from bookings.queries.letters import mails_about
from bookings.queries.team import hosts_of
from bookings.views.appointments.seen import seen


@member_page
@require_safe
def appointment(request: StaffRequest, uid: UUID) -> HttpResponse:
    found, now = seen(request, uid), timezone.now()
    context = {
        **facts(request, found, now),
        "there": hosts_of(found),
        "record": assignment_of(found.uid),
        "steps": history_of(found, reader=request.member),
        "mails": mails_about(found),
        "copies": copies_of(found.session_uid or found.uid, now=now),
        "reason": ReasonForm(),
    }
    return render(request, "bookings/appointment.html", context)


def facts(request: StaffRequest, found: Appointment, now: datetime) -> dict[str, object]:
    """What every page about one appointment needs."""
    is_pending = found.is_active and found.confirmed_at is None
    may_change = found.is_active and found.ends_at > now and not found.has_run_out(now)
    return {
        **shell(request),
        "appointment": found,
        "calendar": found.calendar,
        "account": found.calendar.account,
        "is_own": found.host.user_id == request.member.user_id,
        "is_pending": is_pending,
        "may_answer": is_pending and may_change,
        "may_change": may_change,
        "may_note": found.is_active and not is_pending and found.starts_at <= now,
    }
