"""The customer moves their own appointment: the times, the question, the move. GET shows, POST moves."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from availability.queries.slots import Slot
from bookings.core.zones import zone_named
from bookings.forms.appointment import day_if_any, parse_start
from bookings.forms.own_appointment import MoveForm
from bookings.forms.refusals import refusals
from bookings.forms.too_many import too_many_sentence
from bookings.queries import pages
from bookings.queries.alternatives import alternatives
from bookings.queries.customer_page import Change, Hindrance
from bookings.queries.offer import offer, utc_words
from bookings.queries.refused import reasons_against
from bookings.queries.team import hosts_of, team_of
from bookings.queries.terms import terms_of
from bookings.services.admission import TooMany, admit_change
from bookings.services.reschedule import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    SlotTaken,
    reschedule_appointment,
)
from bookings.views.manage_door import Visit, customers_own
from bookings.views.reader import offered_zones
from bookings.views.too_many import wait


@require_http_methods(["GET", "HEAD", "POST"])
@customers_own
def reschedule(visit: Visit) -> HttpResponse:
    with timezone.override(_zone(visit)):
        if visit.request.method == "POST":
            return _submit(visit)
        if why := visit.hindrance(Change.RESCHEDULE):
            return HttpResponseClientRefresh() if _wants_fragment(visit) else visit.refuse(Change.RESCHEDULE, why)
        return _question(visit) if "start" in visit.request.GET else _times(visit)


def _zone(visit: Visit) -> ZoneInfo:
    """The appointment's, unless another was picked here; it is not kept, so that a glance changes nothing."""
    if visit.appointment.calendar.time_zone_locked:
        return visit.zone
    sent = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    return zone_named(sent.get("time_zone", "")) or visit.zone


def _wants_fragment(visit: Visit) -> bool:
    return visit.request.headers.get("HX-Target") == "when"


def _times(visit: Visit) -> HttpResponse:
    appointment, zone = visit.appointment, _zone(visit)
    calendar = appointment.calendar
    asked, day = (day_if_any(visit.request.GET.get(name, "")) for name in ("from", "day"))
    shown = offer(
        calendar,
        zone=zone,
        now=visit.now,
        asked=asked,
        day=day,
        besides=appointment.uid,
        without=appointment.starts_at,
    )
    account_zone = ZoneInfo(str(calendar.account.time_zone))
    context = {
        "offer": shown,
        "zone": zone,
        "zones": [] if calendar.time_zone_locked else offered_zones(zone, account_zone),
        "own_zone": True,
        "pick_url": visit.request.path,
        "pick_method": "get",
        "there": hosts_of(appointment),
    }
    template = "bookings/parts/when_changed.html" if _wants_fragment(visit) else "bookings/manage_times.html"
    return visit.render(template, context)


def _question(visit: Visit) -> HttpResponse:
    """Whether to move it to this time."""
    appointment, calendar = visit.appointment, visit.appointment.calendar
    try:
        start = parse_start(visit.request.GET["start"])
    except ValidationError:
        return redirect(visit.request.path)
    if start == appointment.starts_at:
        return visit.to_page()
    slot = pages.slot_at(calendar, start, now=visit.now, host=None, besides=appointment.uid)
    if slot is None:
        codes = reasons_against(calendar, start, now=visit.now, host=None, besides=appointment.uid)
        return _taken(visit, start, codes)
    return _ask(visit, MoveForm(initial=_shown(visit, start)), start, slot)


def _submit(visit: Visit) -> HttpResponse:
    form, appointment = MoveForm(visit.request.POST), visit.appointment
    form.full_clean()
    start = form.cleaned_data.get("start")
    if start and start == appointment.starts_at and appointment.is_active:
        return visit.to_page()
    if why := visit.hindrance(Change.RESCHEDULE):
        return visit.refuse(Change.RESCHEDULE, why)
    if start is None:
        return redirect(visit.request.path)
    if form.errors:
        return _ask(visit, form, start, status=422)
    seen = form.cleaned_data["seen"]
    if seen and seen != appointment.starts_at:
        return _ask_again(visit, start, form)
    return _move(visit, start, form)


def _move(visit: Visit, start: datetime, form: MoveForm) -> HttpResponse:
    try:
        admit_change(visit.appointment)
        reschedule_appointment(
            visit.appointment,
            starts_at=start,
            now=visit.now,
            reason=form.cleaned_data["reason"],
            stands_at=visit.appointment.starts_at,
        )
    except TooMany as refused:
        form.add_error(None, too_many_sentence(visit.appointment.calendar.account))
        return wait(_ask(visit, form, start, status=429), refused)
    except SlotTaken as lost:
        return _taken(visit, start, lost.codes, form)
    except ChangedMeanwhile:
        visit.appointment.refresh_from_db()
        return _ask_again(visit, start, form)
    except (AlreadyClosed, AlreadyOver):
        visit.appointment.refresh_from_db()
        return visit.refuse(Change.RESCHEDULE, visit.hindrance(Change.RESCHEDULE) or Hindrance.CLOSED)
    return visit.to_page()


def _shown(visit: Visit, start: datetime) -> dict[str, str]:
    return {"start": utc_words(start), "seen": utc_words(visit.appointment.starts_at), "time_zone": _zone(visit).key}


def _ask_again(visit: Visit, start: datetime, form: MoveForm) -> HttpResponse:
    """It was moved meanwhile: whether to move it from there as well."""
    again = MoveForm(initial={**_shown(visit, start), "reason": form.cleaned_data["reason"]})
    return _ask(visit, again, start, status=409)


def _ask(visit: Visit, form: MoveForm, start: datetime, slot: Slot | None = None, status: int = 200) -> HttpResponse:
    appointment, calendar = visit.appointment, visit.appointment.calendar
    keeps = slot is None or (calendar.keeps_host and appointment.host_id in slot.hosts)
    there, anyone = team_of(calendar).with_whom(appointment.host if keeps else None)
    context = {
        "form": form,
        "new_start": start,
        "new_end": start + calendar.duration,
        "zone": _zone(visit),
        "there": there,
        "anyone": anyone,
        "told_hosts": hosts_of(appointment),
        "needs_approval": terms_of(calendar).needs_approval,
        "changed_meanwhile": status == 409,
    }
    return visit.render("bookings/manage_move.html", context, status)


def _taken(visit: Visit, start: datetime, codes: Iterable[str], form: MoveForm | None = None) -> HttpResponse:
    """The page with other times; after a ``form``, each of its buttons moves it with the same answers."""
    appointment, calendar, zone = visit.appointment, visit.appointment.calendar, _zone(visit)
    context = {
        "refusals": refusals(codes),
        "wanted": start,
        "zone": zone,
        "form": form,
        "others": alternatives(
            calendar,
            start,
            zone=zone,
            now=visit.now,
            host=None,
            colleagues=(),
            besides=appointment.uid,
            without=appointment.starts_at,
        ),
    }
    return visit.render("bookings/manage_taken.html", context, status=409)
