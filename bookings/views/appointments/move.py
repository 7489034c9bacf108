"""Moving an appointment by staff: to a free time or any other, to another host, with a reason for the customer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page
from bookings.forms.staff import ReasonForm
from bookings.models import Appointment
from bookings.services.history import staff
from bookings.services.reschedule import AlreadyClosed, AlreadyOver, SlotTaken, reschedule_appointment
from bookings.views.appointments.desk import Desk, desk_for
from bookings.views.appointments.seen import seen, why_closed
from bookings.views.entries.way_back import before_move, offer_undo


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    """GET chooses a time and says what will happen, POST does it."""
    found = seen(request, uid)
    desk = desk_for(request, found.calendar, current=found.host, besides=found.uid)
    if not found.is_active or found.has_run_out(desk.now):
        return _refused(desk, found, why_closed(request, found))
    if found.ends_at <= desk.now:
        return _refused(desk, found, _over())
    if request.method != "POST" and "start" not in request.GET:
        return desk.times("bookings/move_times.html", {"appointment": found})
    start = desk.start(request.POST.get("start", request.GET.get("start", "")))
    if start is None:
        return redirect(request.path)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _submit(desk, found, start, form.cleaned_data["reason"])
    context = {
        "appointment": found,
        "form": form,
        "start": request.POST.get("start", request.GET.get("start")),
        "starts_at": start,
        "ends_at": start + desk.calendar.duration,
        "is_where_it_is": start == found.starts_at and desk.host in {None, found.host},
    }
    return desk.render("bookings/move.html", context, 422 if form.is_bound else 200)


def _submit(desk: Desk, found: Appointment, start: datetime, reason: str) -> HttpResponse:
    before = before_move(found)
    try:
        reschedule_appointment(
            found,
            starts_at=start,
            now=desk.now,
            by=staff(desk.request.member),
            host=desk.host,
            overbook=bool(desk.overbook),
            seen=desk.overbook,
            reason=reason,
        )
    except SlotTaken:
        return desk.reasons("bookings/move_reasons.html", start, {"appointment": found})
    except AlreadyClosed:
        return _refused(desk, found, why_closed(desk.request, found))
    except AlreadyOver:
        return _refused(desk, found, _over())
    said = _(
        "The appointment is moved, and its old time is free. %(customer)s is told by mail. Undoing tells them again."
    )
    words = {"customer": found.customer_name}
    offer_undo(desk.request, said % words, done=found, before=before, now=desk.now)
    return redirect("bookings:appointment", uid=found.uid)


def _over() -> str:
    return _("This appointment is over. What has been is not moved any more.")


def _refused(desk: Desk, found: Appointment, why: str) -> HttpResponse:
    messages.error(desk.request, why)
    return redirect("bookings:appointment", uid=found.uid)
