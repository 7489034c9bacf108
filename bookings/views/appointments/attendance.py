"""Whether the customer came (B9)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, member_page
from bookings.services.attendance import AlreadyClosed, NotBegun, NotConfirmed, note_attendance
from bookings.services.history import staff
from bookings.views.appointments.seen import seen, why_closed

_MARKS = {"showed": True, "no_show": False, "open": None}


@member_page
@require_POST
def attendance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """``came`` is one of _MARKS; anything else changes nothing."""
    found, mark = seen(request, uid), request.POST.get("came", "")
    if mark not in _MARKS:
        return redirect("bookings:appointment", uid=uid)
    try:
        note_attendance(found, came=_MARKS[mark], now=timezone.now(), by=staff(request.member))
    except AlreadyClosed:
        messages.error(request, why_closed(request, found))
    except NotConfirmed:
        messages.error(request, _("Nothing was noted: nobody has confirmed this request."))
    except NotBegun:
        messages.error(request, _("Nothing was noted: this appointment has not begun yet."))
    else:
        messages.success(request, _noted(_MARKS[mark]))
    return redirect("bookings:appointment", uid=uid)


def _noted(came: bool | None) -> str:
    if came is None:
        return _("It is open again whether the customer came.")
    return _("Noted: the customer came.") if came else _("Noted: the customer did not come.")
