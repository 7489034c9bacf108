"""One appointment, as whoever works here sees it; cancelling it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from availability.queries.assignments import assignment_of
from bookings.models import Appointment
from bookings.queries.staff import appointment_for
from bookings.services.cancel import AlreadyClosed, AlreadyOver, cancel_appointment
from bookings.services.history import staff


@member_page
@require_safe
def appointment(request: StaffRequest, uid: UUID) -> HttpResponse:
    return render(request, "bookings/appointment.html", _facts(request, _visible(request, uid)))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """GET says what will happen, POST does it."""
    found = _visible(request, uid)
    if request.method != "POST":
        return render(request, "bookings/cancel.html", _facts(request, found))
    try:
        cancel_appointment(found, now=timezone.now(), by=staff(request.member))
    except AlreadyClosed:
        messages.error(request, _("This appointment is closed already."))
    except AlreadyOver:
        messages.error(request, _("This appointment is over. What has been is not cancelled any more."))
    else:
        messages.success(request, _("The appointment is cancelled, and its time is free."))
    return redirect("bookings:appointment", uid=uid)


def _visible(request: StaffRequest, uid: UUID) -> Appointment:
    found = appointment_for(request.members, uid)
    if found is None:
        raise Http404
    return found


def _facts(request: StaffRequest, found: Appointment) -> dict[str, object]:
    return {
        **shell(request),
        "appointment": found,
        "calendar": found.calendar,
        "account": found.calendar.account,
        "record": assignment_of(found.uid),
        "is_own": found.host.user_id == request.member.user_id,
        "may_cancel": found.is_active and found.ends_at > timezone.now(),
    }
