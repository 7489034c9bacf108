"""A member leaves the account: what becomes of what is booked with them, and of their calendars (U10)."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page
from accounts.queries import member_of
from availability.services.leave_calendars import left_alone_by
from bookings.queries.absence import appointments_of
from bookings.services.leave import LastOwner, NotTheirs, let_go
from bookings.views.settling import Settling


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def member_leave(request: StaffRequest, pk: int) -> HttpResponse:
    """GET lists everything that is still to come; POST previews and, as the last step, does it."""
    member = member_of(request.member.account, pk) if request.member.manages else None
    if member is None:
        raise Http404
    now = timezone.now()
    settling = Settling(
        request=request,
        absent=member,
        appointments=list(appointments_of(member, now=now)),
        zone=ZoneInfo(str(member.account.time_zone)),
        now=now,
        templates="member_leave",
        context={"alone": left_alone_by(member)},
    )
    step = request.POST.get("step")
    if step == "do":
        return _do(settling)
    return settling.preview() if step == "preview" else settling.choose()


def _do(settling: Settling) -> HttpResponse:
    decisions, reason = settling.decided()
    request = settling.request
    try:
        left = let_go(settling.absent, decisions=decisions, by=request.member, message=reason, now=settling.now)
    except LastOwner:
        messages.error(request, _("Nothing was changed: an account needs an owner. Make somebody else one first."))
        return redirect(request.get_full_path())
    except NotTheirs:
        messages.error(request, _("Nothing was changed: only an owner can let an owner go."))
        return redirect(request.get_full_path())
    return settling.done(left.outcome, {"paused": left.paused})
