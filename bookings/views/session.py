"""One session of a class, with everybody who has a seat."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from bookings.queries.staff import session_for


@member_page
@require_safe
def session(request: StaffRequest, uid: UUID) -> HttpResponse:
    found = session_for(request.members, uid)
    if found is None:
        raise Http404
    context = {
        **shell(request),
        "session": found,
        "calendar": found.one.calendar,
        "account": found.one.calendar.account,
        "is_own": found.one.host.user_id == request.member.user_id,
    }
    return render(request, "bookings/session.html", context)
