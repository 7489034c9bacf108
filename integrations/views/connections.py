"""Integrations: the reader's connections, what they are doing, and what can be done with them."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import User
from integrations.forms.switching_off import OffForm
from integrations.queries.configuration import stale_before
from integrations.queries.connections import calendars_of, coming_copies, connections_of
from integrations.queries.progress import progress_of
from integrations.services.connections import (
    NotWorking,
    delete_connection,
    switch_off,
    switch_on,
    sync_now,
)
from integrations.views.owned import back_to, by_htmx, owned

PAGE = "integrations:integrations"


@member_page
@require_safe
def integrations(request: StaffRequest) -> HttpResponse:
    connections = list(connections_of(cast("User", request.user)))
    reading, seen = request.GET.get("reading", ""), _moment(request.GET.get("seen", ""))
    asked = next((one for one in connections if str(one.pk) == reading), None)
    shown = progress_of(asked, seen=seen, asked=0) if asked else None
    context = {**_context(request), "connections": connections, "asked": asked, "asked_progress": shown}
    return render(request, "integrations/integrations.html", context)


@member_page
@require_safe
def connection(request: StaffRequest, pk: int) -> HttpResponse:
    """One connection with its calendars and what can be done with each."""
    mine = owned(request, pk)
    context = {**_context(request), "connection": mine, "calendars": calendars_of(mine)}
    context["stale_before"] = stale_before(request.member, now=context["now"])
    return render(request, "integrations/connection.html", context)


@member_page
@require_safe
def freshness(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked every so often by the page; only what moves by itself is sent, so that open menus stay open."""
    context = {**_context(request), "connection": owned(request, pk), "out_of_band": True}
    return render(request, "integrations/freshness.html", context)


@member_page
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the look that was asked for has come. ``seen``: the last look before it; ``asked``: times asked."""
    mine = owned(request, pk)
    seen, asked = _moment(request.GET.get("seen", "")), request.GET.get("asked", "")
    count = int(asked) + 1 if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    shown = progress_of(mine, seen=seen, asked=count)
    context = {**_context(request), "connection": mine, "progress": shown, "out_of_band": True}
    return render(request, "integrations/progress_changed.html", context)


@member_page
@require_POST
def active(request: StaffRequest, pk: int) -> HttpResponse:
    """Switching on takes effect at once; before switching off it is asked what becomes of its events."""
    mine = owned(request, pk)
    if "active" in request.POST:
        switch_on(mine, now=timezone.now())
        messages.success(request, _("%(login)s is switched on.") % {"login": mine.username})
        return _row(request, pk)
    if by_htmx(request):
        return _row(request, pk, off_form=OffForm(today=timezone.localdate()))
    return back_to(request, "integrations:connection-off", pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: StaffRequest, pk: int) -> HttpResponse:
    mine = owned(request, pk)
    form = OffForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        switch_off(mine, blocks_until=form.blocks_until(timezone.get_current_timezone()), now=timezone.now())
        said = _("%(login)s is switched off. What is still to be written waits.") % {"login": mine.username}
        messages.success(request, said)
        return _row(request, pk)
    if by_htmx(request):
        return _row(request, pk, off_form=form)
    context = {**_context(request), "connection": mine, "off_form": form}
    return render(request, "integrations/off.html", context, status=422 if form.errors else 200)


@member_page
@require_POST
def sync(request: StaffRequest, pk: int) -> HttpResponse:
    mine = owned(request, pk)
    try:
        sync_now(mine, now=timezone.now())
    except NotWorking:
        said = _("%(login)s is not active, so nothing was read.") % {"login": mine.username}
        messages.warning(request, said)
    else:
        messages.success(request, _("%(login)s is being read now.") % {"login": mine.username})
        return _row(request, pk, progress=progress_of(mine, seen=mine.looked_at, asked=0))
    return _row(request, pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    mine = owned(request, pk)
    if request.method == "POST":
        delete_connection(mine)
        said = _("%(login)s is deleted here. What lies at the provider stays there.") % {"login": mine.username}
        messages.success(request, said)
        return back_to(request, PAGE)
    context = {**_context(request), "connection": mine, "copies": coming_copies(mine, now=timezone.now())}
    return render(request, "integrations/delete.html", context)


def _row(request: StaffRequest, pk: int, **more: object) -> HttpResponse:
    """After something was done with a connection: its row alone where htmx asked, else the page."""
    if not by_htmx(request):
        return back_to(request, PAGE, part=f"#connection-{pk}")
    context = {**_context(request), "connection": owned(request, pk), "out_of_band": True, "look_soon": True, **more}
    return render(request, "integrations/row_changed.html", context)


def _moment(text: str) -> datetime | None:
    """What an address says; None where it says no instant."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _context(request: StaffRequest) -> dict[str, Any]:
    return {**shell(request), "now": timezone.now()}
