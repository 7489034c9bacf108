"""Requests that wait: the list, confirming one, declining one (B8)."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from bookings.forms.appointment import start_if_any
from bookings.forms.staff import ReasonForm
from bookings.queries.pending import requests_for
from bookings.services.answer_request import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    NotPending,
    confirm_appointment,
    decline_appointment,
)
from bookings.services.history import staff
from bookings.views.appointments.seen import back, seen, why_closed


@member_page
@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    waiting = requests_for(request.member, now=timezone.now())
    return render(request, "bookings/requests.html", {**shell(request), "waiting": waiting, "reason": ReasonForm()})


@member_page
@require_POST
def confirm(request: StaffRequest, uid: UUID) -> HttpResponse:
    found = seen(request, uid)
    try:
        confirm_appointment(found, now=timezone.now(), by=staff(request.member), stands_at=_shown_start(request))
    except ChangedMeanwhile:
        messages.error(request, _changed())
    except AlreadyClosed:
        messages.error(request, why_closed(request, found))
    except AlreadyOver:
        messages.error(request, _("This appointment is over. It cannot be confirmed any more."))
    else:
        said = _("The appointment is confirmed. %(customer)s is told by mail.")
        messages.success(request, said % {"customer": found.customer_name})
    return back(request, uid)


@member_page
@require_POST
def decline(request: StaffRequest, uid: UUID) -> HttpResponse:
    found, form = seen(request, uid), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: the reason is too long."))
        return back(request, uid)
    try:
        decline_appointment(
            found,
            now=timezone.now(),
            by=staff(request.member),
            reason=form.cleaned_data["reason"],
            stands_at=_shown_start(request),
        )
    except ChangedMeanwhile:
        messages.error(request, _changed())
    except NotPending:
        messages.error(
            request,
            _("Nothing was changed: this request is confirmed already. To call it off, cancel the appointment."),
        )
    except AlreadyClosed:
        messages.error(request, why_closed(request, found))
    except AlreadyOver:
        messages.error(request, _("This appointment is over. It cannot be declined any more."))
    else:
        said = _("The request is declined, and its time is free. %(customer)s is told by mail.")
        messages.success(request, said % {"customer": found.customer_name})
    return back(request, uid)


def _shown_start(request: StaffRequest) -> datetime | None:
    """When the request was to start as it was shown: nobody answers to a time they have not seen."""
    return start_if_any(request.POST.get("seen", ""))


def _changed() -> str:
    return _("The appointment has been changed meanwhile.")
