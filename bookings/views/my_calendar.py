"""My Calendar: the week of whoever works here."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from bookings.core.five_weeks import monday
from bookings.core.week import month_around
from bookings.forms.appointment import day_if_any
from bookings.queries.pending import number_of_requests
from bookings.queries.staff import colleagues_of
from bookings.queries.week import DAYS, week_of

_WEEK = timedelta(days=DAYS)
# far enough from both ends of the calendar that there is always a week before and after
_FIRST, _LAST = date(1971, 1, 1), date(8999, 12, 31)


@member_page
@require_safe
def my_calendar(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    zone = ZoneInfo(str(request.member.user.time_zone))
    today = now.astimezone(zone).date()
    colleagues = colleagues_of(request.member)
    host = _whose(request, colleagues)
    first = monday(_day(request.GET.get("day", "")) or today)
    own = host.user_id == request.member.user_id
    context = {
        **shell(request),
        "host": host,
        "is_own": own,
        "colleagues": colleagues,
        "week": week_of(host, first=first, zone=zone, now=now, own=own),
        "before": first - _WEEK,
        "after": first + _WEEK,
        "today": today,
        "waiting": number_of_requests(request.member, now=now),
        "now": now,
        "zone": zone,
        "month": month_around(first + timedelta(days=3)),
        "month_day": first + timedelta(days=3),
    }
    with timezone.override(zone):
        return render(request, "bookings/my_calendar.html", context)


def _whose(request: StaffRequest, colleagues: Sequence[Member]) -> Member:
    """The member named by ``host``, the reader by default; somebody they may not look at is not there."""
    slug = request.GET.get("host") or request.member.slug
    for member in (request.member, *colleagues):
        if member.slug == slug:
            return member
    raise Http404


def _day(text: str) -> date | None:
    day = day_if_any(text)
    return day and min(max(day, _FIRST), _LAST)
