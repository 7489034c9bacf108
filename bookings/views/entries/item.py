"""The pages of an own item: a new one, and one that is there."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from bookings.forms.appointment import day_if_any
from bookings.forms.own_item import OwnItemForm, filled_from
from bookings.models import OwnItem, OwnItemKind
from bookings.ports import copies_of
from bookings.queries.own_items import assignable_by, assignees_of
from bookings.services.add_own_item import add_own_item
from bookings.services.change_own_item import ChangedMeanwhile, ItemRemoved, change_own_item
from bookings.views.entries.beside import say_beside
from bookings.views.entries.remove import name_of
from bookings.views.entries.seen import seen_item, to_calendar, zone_of

_USUAL_LENGTH = timedelta(minutes=30)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """``?kind=``, ``?day=``, ``?at=`` and ``?host=`` fill the form in."""
    now = timezone.now()
    if request.method != "POST":
        return _page(request, _form(request, initial=_asked(request, now)))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    item = add_own_item(request.member.account, **form.item(), assignees=form.assigned() or [request.member], now=now)
    messages.success(request, _("“%(title)s” is in the calendar.") % {"title": name_of(item)})
    return _done(request, item)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: StaffRequest, uid: UUID) -> HttpResponse:
    """GET shows it to be changed, POST changes it. One that was deleted can be restored there."""
    found, now = seen_item(request, uid), timezone.now()
    if request.method != "POST" or found.removed_at:
        initial = filled_from(found, assignees_of(found), zone_of(request))
        return _page(request, _form(request, initial=initial), found, status=409 if request.method == "POST" else 200)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, found, status=422)
    try:
        edition = form.cleaned_data["edition"]
        changed = change_own_item(found, **form.item(), assignees=form.assigned(), edition=edition, now=now)
    except (ChangedMeanwhile, ItemRemoved):
        return _changed_meanwhile(request, found)
    messages.success(request, _("“%(title)s” is saved.") % {"title": name_of(changed)})
    return _done(request, changed)


def _form(
    request: StaffRequest, sent: Mapping[str, Any] | None = None, initial: Mapping[str, object] | None = None
) -> OwnItemForm:
    return OwnItemForm(sent, initial=initial, zone=zone_of(request), members=assignable_by(request.member))


def _asked(request: StaffRequest, now: datetime) -> Mapping[str, object]:
    """What the way here has said already."""
    zone, asked = zone_of(request), request.GET
    kind = asked.get("kind", "")
    day = day_if_any(asked.get("day", "")) or now.astimezone(zone).date()
    initial = {
        "kind": kind if kind in OwnItemKind.values else OwnItemKind.APPOINTMENT,
        "day": day,
        "assignees": [asked.get("host") or request.member.slug],
    }
    try:
        starts = datetime.combine(day, time.fromisoformat(asked.get("at", "")).replace(tzinfo=None))
    except ValueError:
        return initial
    return {**initial, "starts": starts.time(), "ends": (starts + _USUAL_LENGTH).time()}


def _page(request: StaffRequest, form: OwnItemForm, found: OwnItem | None = None, *, status: int = 200) -> HttpResponse:
    zone = zone_of(request)
    context = {
        **shell(request),
        "account": request.member.account,
        "form": form,
        "item": found,
        "title": name_of(found) if found else "",
        "zone": zone,
        "copies": copies_of(found.uid, now=timezone.now()) if found else [],
    }
    with timezone.override(zone):
        return render(request, "bookings/own_item.html", context, status=status)


def _changed_meanwhile(request: StaffRequest, found: OwnItem) -> HttpResponse:
    """What was typed stays; saving it again is then a choice made knowingly."""
    found.refresh_from_db()
    form = _form(request, {**request.POST.dict(), **_chosen(request), "edition": str(found.sequence)})
    form.is_valid()
    said = _("It was changed meanwhile, so nothing of yours is saved yet. Save it again to put yours in its place.")
    form.add_error(None, said)
    return _page(request, form, found, status=409)


def _chosen(request: StaffRequest) -> Mapping[str, object]:
    return {"assignees": request.POST.getlist("assignees")}


def _done(request: StaffRequest, item: OwnItem) -> HttpResponse:
    say_beside(request, item)
    return to_calendar(request, item.starts_at)
