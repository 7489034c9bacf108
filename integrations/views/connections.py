"""Integrations: the reader's connections, what they are doing, and what can be done with them."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import User
from integrations.queries.configuration import stale_before
from integrations.queries.connections import calendars_of, coming_copies, connections_of
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
    return render(request, "integrations/integrations.html", {**_context(request), "connections": connections})


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
@require_POST
def active(request: StaffRequest, pk: int) -> HttpResponse:
    mine, now = owned(request, pk), timezone.now()
    if "active" in request.POST:
        switch_on(mine, now=now)
        messages.success(request, _("%(login)s is switched on.") % {"login": mine.username})
    else:
        switch_off(mine, now=now)
        said = _("%(login)s is switched off. Nothing is read or written; its last known busy times go on blocking.")
        messages.success(request, said % {"login": mine.username})
    return _row(request, pk)


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


def _row(request: StaffRequest, pk: int) -> HttpResponse:
    """After something was done with a connection: its row alone where htmx asked, else the page."""
    if not by_htmx(request):
        return back_to(request, PAGE, part=f"#connection-{pk}")
    context = {**_context(request), "connection": owned(request, pk), "out_of_band": True, "look_soon": True}
    return render(request, "integrations/row_changed.html", context)


def _context(request: StaffRequest) -> dict[str, Any]:
    return {**shell(request), "now": timezone.now()}
