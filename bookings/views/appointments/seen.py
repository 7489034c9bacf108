"""Which appointment a page is about: one the reader may see, or none."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import StaffRequest
from bookings.models import Appointment
from bookings.queries.history import closing_step
from bookings.queries.staff import appointment_for
from bookings.templatetags.history_words import happened

# the pages with lists of requests, by the name their buttons send
_LISTS = {"requests": "bookings:requests", "attention": "integrations:attention"}


def seen(request: StaffRequest, uid: UUID) -> Appointment:
    """The appointment; from now on the reader acts as the member of its account."""
    found = appointment_for(request.members, uid)
    if found is None:
        raise Http404
    request.member = next(one for one in request.members if one.account_id == found.calendar.account_id)
    return found


def back(request: StaffRequest, uid: UUID) -> HttpResponse:
    """To the list the button stood in, else to the appointment."""
    list_page = _LISTS.get(request.POST.get("back", ""))
    return redirect(list_page) if list_page else redirect("bookings:appointment", uid=uid)


def why_closed(request: StaffRequest, found: Appointment) -> str:
    """What somebody else has done to it meanwhile."""
    found.refresh_from_db()
    step = closing_step(found, reader=request.member)
    if step is None:
        return _("The time to answer this request is over. It expires, and its time is free.")
    return _("Nothing was changed: this appointment is closed already. %(happened)s.") % {"happened": happened(step)}
