"""Everything about one entry, beside My Calendar. Asked for as a page of its own it leads to the full one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from availability.queries.assignments import assignment_of
from bookings.models import OwnItem
from bookings.ports import copies_of
from bookings.queries.history import history_of
from bookings.queries.own_items import assignees_of, own_item_for
from bookings.queries.staff import Session, session_for
from bookings.queries.team import hosts_of
from bookings.views.appointments.page import facts
from bookings.views.appointments.seen import seen
from bookings.views.entries.remove import name_of
from bookings.views.entries.seen import seen_item, zone_of


@member_page
@require_safe
def panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    is_part = request.headers.get("HX-Request") == "true"
    if own_item_for(request.members, uid):
        found = seen_item(request, uid)
        return _item(request, found) if is_part else redirect("bookings:own-item", uid=uid)
    session = session_for(request.members, uid)
    if session:
        return _session(request, session) if is_part else redirect("bookings:session", uid=uid)
    seen(request, uid)
    return _appointment(request, uid) if is_part else redirect("bookings:appointment", uid=uid)


def _item(request: StaffRequest, item: OwnItem) -> HttpResponse:
    if item.removed_at:
        raise Http404
    context = {
        **shell(request),
        "item": item,
        "title": name_of(item),
        "assignees": assignees_of(item),
        "copies": copies_of(item.uid, now=timezone.now()),
    }
    with timezone.override(zone_of(request)):
        return render(request, "bookings/parts/panel_item.html", context)


def _session(request: StaffRequest, session: Session) -> HttpResponse:
    uid = session.one.session_uid
    context = {
        **shell(request),
        "session": session,
        "calendar": session.one.calendar,
        "copies": copies_of(uid, now=timezone.now()) if uid else [],
    }
    with timezone.override(zone_of(request)):
        return render(request, "bookings/parts/panel_session.html", context)


def _appointment(request: StaffRequest, uid: UUID) -> HttpResponse:
    found, now = seen(request, uid), timezone.now()
    context = {
        **facts(request, found, now),
        "there": hosts_of(found),
        "record": assignment_of(uid),
        "steps": history_of(found, reader=request.member),
        "copies": copies_of(found.session_uid or uid, now=now),
        "zone": zone_of(request),
    }
    with timezone.override(zone_of(request)):
        return render(request, "bookings/parts/panel_appointment.html", context)
