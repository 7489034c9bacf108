"""What the public page of a calendar would show if the editor were saved as it stands. Nothing is ever written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, member_page, shell
from availability.forms.calendar import CalendarEditor, editor_for
from availability.models import Calendar
from availability.queries.calendars import managed_calendar
from availability.services.save_calendar import HasComingAppointments, SlugTaken, add_calendar, write_calendar
from bookings.queries.offer import offer
from bookings.queries.team import team_of


@member_page
@require_POST
def preview(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """The editor's form, unsaved. Without ``pk`` the calendar is a new one."""
    calendar = _edited(request, pk)
    now = timezone.now()
    editor = editor_for(calendar, data=request.POST, wanted_type=request.POST.get("type"), now=now)
    if not editor.is_valid():
        return _answer(request, {"editor": editor}, status=422)
    try:
        with _undone():
            return _shown(request, _written(editor, calendar, now), now)
    except (SlugTaken, HasComingAppointments) as refused:
        editor.explain(refused)
        return _answer(request, {"editor": editor}, status=422)


def _edited(request: StaffRequest, pk: int | None) -> Calendar:
    new = Calendar(account=request.member.account) if request.member.manages else None
    calendar = new if pk is None else managed_calendar(request.member, pk)
    if calendar is None:
        raise Http404
    return calendar


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever is done in here never was, and what waits for a commit never runs."""
    with transaction.atomic(durable=True):
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _written(editor: CalendarEditor, calendar: Calendar, now: datetime) -> Calendar:
    values, team = editor.values()
    if editor.settings.is_new:
        calendar = add_calendar(calendar.account, settings=values, team=team, now=now)
    else:
        write_calendar(calendar, settings=values, team=team, now=now)
    return Calendar.objects.select_related("account").get(pk=calendar.pk)


def _shown(request: StaffRequest, calendar: Calendar, now: datetime) -> HttpResponse:
    zone = ZoneInfo(str(calendar.account.time_zone))
    with timezone.override(zone):
        context = {
            "calendar": calendar,
            "offer": offer(calendar, zone=zone, now=now),
            "hosts": team_of(calendar).choice,
            "zone": zone,
            "now": now,
        }
        return _answer(request, context)


def _answer(request: StaffRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The fragment beside the form, or a page of its own where scripts do not run."""
    template = "bookings/preview_part.html" if getattr(request, "htmx", False) else "bookings/preview.html"
    return render(request, template, {**shell(request), **context}, status=status)
