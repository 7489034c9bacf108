"""Why a time is offered, or not: one day of one calendar, every start with all its reasons."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from availability.forms.troubleshooter import TroubleshooterForm
from availability.models import Calendar, CalendarType
from availability.queries.calendars import calendars_of
from availability.queries.explanation import explain_day
from availability.queries.schedules import members_seen_by
from availability.queries.settings import zone_of
from availability.views.schedule_pages import by_htmx

WHICH = ("offered", "not")


class _Hosts(NamedTuple):
    """Whom the reader can ask about, whom they ask about, and whom they named although that one does not serve."""

    all: Sequence[Member]
    chosen: Member | None
    elsewhere: Member | None


@member_page
@require_safe
def troubleshooter(request: StaffRequest) -> HttpResponse:
    """``?calendar=<pk>&day=2026-11-27&host=<slug>``, ``only`` is one of WHICH; htmx gets the answers alone."""
    calendars = calendars_of(request.member)
    if not calendars:
        return render(request, "availability/troubleshooter.html", shell(request))
    calendar = _calendar(request, calendars)
    hosts = _hosts(request, calendar)
    zone, now = zone_of(calendar), timezone.now()
    form = TroubleshooterForm(
        request.GET,
        calendars=calendars,
        calendar=calendar,
        hosts=hosts.all,
        host=hosts.chosen,
        zone=zone,
        today=now.astimezone(zone).date(),
    )
    context = {**shell(request), "form": form, "elsewhere": hosts.elsewhere, "only": _only(request), "zone": zone}
    if form.is_valid():
        day = form.cleaned_data["day"]
        shown = explain_day(calendar, day=day, zone=zone, now=now, reader=request.member, host=hosts.chosen)
        context["shown"] = shown
    return _page(request, context, zone)


def _calendar(request: StaffRequest, calendars: Sequence[Calendar]) -> Calendar:
    """The one that is asked for, else the first; one the reader does not see does not exist."""
    wanted = request.GET.get("calendar") or str(calendars[0].pk)
    for calendar in calendars:
        if str(calendar.pk) == wanted:
            calendar.account = request.member.account
            return calendar
    raise Http404


def _hosts(request: StaffRequest, calendar: Calendar) -> _Hosts:
    """Staff ask about themselves; who takes part in a collective is there whoever is asked about."""
    seen = {member.slug: member for member in members_seen_by(request.member)}
    serving = [place.member for place in calendar.calendar_members.all() if place.member.slug in seen]
    slug = request.GET.get("host", "")
    if slug and slug not in seen:
        raise Http404
    if calendar.type == CalendarType.COLLECTIVE:
        return _Hosts((), None, None)
    chosen = next((member for member in serving if member.slug == slug), None)
    return _Hosts(serving, chosen, seen[slug] if slug and not chosen else None)


def _only(request: StaffRequest) -> str:
    only = request.GET.get("only", "")
    return only if only in WHICH else ""


def _page(request: StaffRequest, context: dict[str, object], zone: ZoneInfo) -> HttpResponse:
    name = "troubleshooter_changed" if by_htmx(request) else "troubleshooter"
    with timezone.override(zone):
        response = render(request, f"availability/{name}.html", context, status=200 if "shown" in context else 422)
    if "shown" not in context:
        # the address stays that of the last day that could be explained
        response["HX-Push-Url"] = "false"
    return response
