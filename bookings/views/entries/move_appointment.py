"""An appointment that was dragged: what stands against it is said, the question is put, and then it is moved."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import StaffRequest
from bookings.forms.staff import not_over
from bookings.models import Appointment
from bookings.queries.refused import reasons_against
from bookings.services.history import staff
from bookings.services.reschedule import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    SlotTaken,
    reschedule_appointment,
)
from bookings.templatetags.times import day_clock, length_words
from bookings.views.appointments.desk import Desk, desk_for
from bookings.views.appointments.seen import why_closed
from bookings.views.entries.refused import refused
from bookings.views.entries.seen import to_calendar, zone_of
from bookings.views.entries.way_back import before_move, offer_undo


def move_appointment(request: StaffRequest, found: Appointment, to: Mapping[str, Any], now: datetime) -> HttpResponse:
    start = to["starts_at"] or found.starts_at
    if to["ends_at"] and to["ends_at"] - start != found.ends_at - found.starts_at:
        return _not_lengthened(request, found)
    desk = desk_for(request, found.calendar, current=found.host, besides=found.uid)
    desk = replace(desk, zone=zone_of(request))
    why = _impossible(desk, found, to, start)
    if why:
        return refused(request, [why])
    if start == found.starts_at and desk.host in {None, found.host}:
        return to_calendar(request, start)
    if to["sure"]:
        return _move(desk, found, start, to["seen"])
    if reasons_against(found.calendar, start, now=now, host=desk.host, besides=found.uid):
        return _reasons(desk, found, start)
    return desk.render("bookings/parts/move_question.html", _words(desk, found, start))


def _impossible(desk: Desk, found: Appointment, to: Mapping[str, Any], start: datetime) -> str:
    """What no choice of a time would change; empty if it can be moved."""
    if not found.is_active or found.has_run_out(desk.now):
        return why_closed(desk.request, found)
    if found.ends_at <= desk.now:
        return _("This appointment is over. What has been is not moved any more.")
    known = (*desk.hosts.choice, *([desk.hosts.usual] if desk.hosts.usual else []))
    if to["host"] and to["host"] not in {member.slug for member in known}:
        return _("This colleague cannot take it: they do not serve “%(name)s”, or it is not yours to give away.") % {
            "name": found.calendar.name
        }
    try:
        not_over(start, found.calendar, desk.now)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _move(desk: Desk, found: Appointment, start: datetime, stands_at: datetime | None) -> HttpResponse:
    before, by = before_move(found), staff(desk.request.member)
    try:
        reschedule_appointment(found, starts_at=start, now=desk.now, by=by, host=desk.host, stands_at=stands_at)
    except SlotTaken:
        return _reasons(desk, found, start)
    except AlreadyClosed:
        return refused(desk.request, [why_closed(desk.request, found)])
    except AlreadyOver:
        return refused(desk.request, [_("This appointment is over. What has been is not moved any more.")])
    except ChangedMeanwhile:
        return refused(desk.request, [_("It was moved meanwhile. Look at how it stands now.")])
    said = _("%(customer)s is moved to %(start)s and is told by mail. Undoing it sends another mail.")
    words = {"customer": found.customer_name, "start": day_clock(found.starts_at)}
    offer_undo(desk.request, said % words, done=found, before=before, now=desk.now)
    return to_calendar(desk.request, start)


def _reasons(desk: Desk, found: Appointment, start: datetime) -> HttpResponse:
    return desk.reasons("bookings/parts/move_refused.html", start, _words(desk, found, start))


def _words(desk: Desk, found: Appointment, start: datetime) -> Mapping[str, object]:
    asked = {"start": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if desk.host:
        asked["host"] = desk.host.slug
    page = f"{reverse('bookings:move', args=[found.uid])}?{urlencode(asked)}"
    return {"appointment": found, "starts_at": start, "ends_at": start + desk.calendar.duration, "page": page}


def _not_lengthened(request: StaffRequest, found: Appointment) -> HttpResponse:
    words = {"length": length_words(found.ends_at - found.starts_at), "calendar": found.calendar.name}
    why = _("How long an appointment lasts is set for the whole calendar: %(length)s in “%(calendar)s”.") % words
    link = None
    if request.member.manages:
        url = reverse("availability:calendar", args=[found.calendar_id])
        link = {"url": f"{url}?account={request.member.account.slug}", "label": _("Open the calendar’s settings")}
    return refused(request, [why], link=link)
