"""Settings of a connection, and of each calendar in use: what sync does with what it finds there."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from accounts.models import User
from integrations.forms.sync_settings import BlockingForm, SyncSettingsForm
from integrations.models import RemoteCalendar
from integrations.queries.connections import accounts_reached
from integrations.services.calendar_policy import change_policy
from integrations.services.sync_settings import change_sync_settings
from integrations.views.owned import back_to, owned


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def sync_settings(request: StaffRequest, pk: int) -> HttpResponse:
    mine = owned(request, pk)
    form = SyncSettingsForm(request.POST or None, connection=mine)
    if form.is_valid():
        change_sync_settings(mine, form.settings(), now=timezone.now())
        messages.success(request, _("The settings of %(login)s are saved.") % {"login": mine.username})
        return back_to(request, "integrations:connection", mine.pk)
    context = {**shell(request), "connection": mine, "form": form, "reached": accounts_reached(mine)}
    return render(request, "integrations/sync_settings.html", context, status=422 if form.errors else 200)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_blocking(request: StaffRequest, pk: int) -> HttpResponse:
    """``pk``: a remote calendar of the reader's that is in use."""
    remote = _in_use(request, pk)
    form = BlockingForm(request.POST or None, remote=remote)
    if form.is_valid():
        shares_titles = form.cleaned_data["shares_titles"]
        change_policy(remote, form.blocking(), shares_titles=shares_titles, now=timezone.now())
        said = _("What blocks in “%(calendar)s” is saved; what is known of it counts anew at once.")
        messages.success(request, said % {"calendar": remote.name})
        return back_to(request, "integrations:calendar-configuration")
    context = {**shell(request), "remote": remote, "form": form, "reached": accounts_reached(remote.connection, remote)}
    return render(request, "integrations/sync_settings_calendar.html", context, status=422 if form.errors else 200)


def _in_use(request: StaffRequest, pk: int) -> RemoteCalendar:
    owned_ones = RemoteCalendar.objects.filter(connection__user=cast("User", request.user), source__isnull=False)
    owned_ones = owned_ones.select_related("connection__user", "source").defer("connection__credential")
    remote = owned_ones.filter(pk=pk).first()
    if remote is None:
        raise Http404
    return remote
