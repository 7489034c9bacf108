"""The account's calendars: which there are, and what can be done with each."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from availability.models import Calendar
from availability.queries.calendars import calendars_of, coming_appointments, managed_calendar, was_booked
from availability.services import calendar_state
from availability.services.delete_calendar import WasBooked, delete_calendar
from availability.services.duplicate_calendar import duplicate_calendar

PAGE = "availability:calendars"

Change = Callable[[Calendar, datetime], None]
CHANGES: dict[str, tuple[Change, Promise]] = {
    "hide": (
        lambda calendar, now: calendar_state.hide_calendar(calendar, now=now),
        gettext_lazy("“%(calendar)s” is hidden. Whoever has its link can still book."),
    ),
    "show": (
        lambda calendar, _now: calendar_state.show_calendar(calendar),
        gettext_lazy("“%(calendar)s” stands on the group page."),
    ),
    "pause": (
        lambda calendar, now: calendar_state.pause_calendar(calendar, now=now),
        gettext_lazy("“%(calendar)s” is paused. Its page says that nothing can be booked now; what is booked stays."),
    ),
    "resume": (
        lambda calendar, _now: calendar_state.resume_calendar(calendar),
        gettext_lazy("“%(calendar)s” can be booked again."),
    ),
    "off": (
        lambda calendar, now: calendar_state.switch_off_calendar(calendar, now=now),
        gettext_lazy("“%(calendar)s” is switched off. There is no page for it any more; what is booked stays."),
    ),
    "on": (
        lambda calendar, _now: calendar_state.switch_on_calendar(calendar),
        gettext_lazy("“%(calendar)s” is switched on. Its page is back."),
    ),
}


@member_page
@require_safe
def calendars(request: StaffRequest) -> HttpResponse:
    """Managers see all of the account's, staff those they serve."""
    context = {**shell(request), "calendars": calendars_of(request.member), "site_url": settings.PUBLIC_BASE_URL}
    return render(request, "availability/calendars.html", context)


@member_page
@require_POST
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """``change`` is one of CHANGES."""
    calendar = managed(request, pk)
    found = CHANGES.get(request.POST.get("change", ""))
    if found is None:
        raise Http404
    change, said = found
    change(calendar, timezone.now())
    messages.success(request, said % {"calendar": calendar.name})
    return back(request, part=f"#calendar-{pk}")


@member_page
@require_POST
def duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    copy = duplicate_calendar(managed(request, pk), now=timezone.now())
    said = _("“%(calendar)s” is made. It is hidden until you show it: change what should be different first.")
    messages.success(request, said % {"calendar": copy.name})
    return back(request, "availability:calendar", copy.pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """GET says whether it can be, POST does it."""
    calendar = managed(request, pk)
    if request.method != "POST":
        return _delete_page(request, calendar, booked=was_booked(calendar))
    try:
        delete_calendar(calendar)
    except WasBooked:
        return _delete_page(request, calendar, booked=True, status=409)
    messages.success(request, _("“%(calendar)s” is deleted.") % {"calendar": calendar.name})
    return back(request)


def managed(request: StaffRequest, pk: int) -> Calendar:
    """A calendar the reader may change; for anybody else it does not exist."""
    calendar = managed_calendar(request.member, pk)
    if calendar is None:
        raise Http404
    return calendar


def back(request: StaffRequest, page: str = PAGE, *args: object, part: str = "") -> HttpResponse:
    return redirect(f"{resolve_url(page, *args)}?account={request.member.account.slug}{part}")


def _delete_page(request: StaffRequest, calendar: Calendar, *, booked: bool, status: int = 200) -> HttpResponse:
    context = {
        **shell(request),
        "calendar": calendar,
        "booked": booked,
        "coming": coming_appointments(calendar, now=timezone.now()),
    }
    return render(request, "availability/calendar_delete.html", context, status=status)
