"""Cancelling an appointment."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page
from bookings.forms.staff import ReasonForm
from bookings.services.cancel import AlreadyClosed, AlreadyOver, cancel_appointment
from bookings.services.history import staff
from bookings.views.appointments.page import facts
from bookings.views.appointments.seen import seen, why_closed


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """GET says what will happen, POST does it."""
    found, now = seen(request, uid), timezone.now()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "bookings/cancel.html", {**facts(request, found, now), "form": form}, status=status)
    try:
        cancel_appointment(found, now=now, by=staff(request.member), reason=form.cleaned_data["reason"])
    except AlreadyClosed:
        messages.error(request, why_closed(request, found))
    except AlreadyOver:
        messages.error(request, _("This appointment is over. What has been is not cancelled any more."))
    else:
        said = _("The appointment is cancelled, and its time is free. %(customer)s is told by mail.")
        messages.success(request, said % {"customer": found.customer_name})
    return redirect("bookings:appointment", uid=uid)
