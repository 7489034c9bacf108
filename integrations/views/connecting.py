"""Connect a login, or give a known one its new password."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from accounts.models import User
from integrations.forms.connecting import CalDAVForm, ConnectForm, ICloudForm, NewPasswordForm
from integrations.models import Connection
from integrations.views.owned import back_to, by_htmx, owned


@sensitive_post_parameters("password", "server_url")
@never_cache
@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def connect_icloud(request: StaffRequest) -> HttpResponse:
    form = ICloudForm(request.POST or None)
    connection = _connected(request, form)
    return (
        _on_to_calendars(request, connection)
        if connection
        else _shown(request, form, "connect_icloud", _("Connect iCloud"))
    )


@sensitive_post_parameters("password", "server_url")
@never_cache
@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def connect_caldav(request: StaffRequest) -> HttpResponse:
    form = CalDAVForm(request.POST or None)
    connection = _connected(request, form)
    return (
        _on_to_calendars(request, connection)
        if connection
        else _shown(request, form, "connect_caldav", _("Connect a server"))
    )


@sensitive_post_parameters("password")
@never_cache
@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: StaffRequest, pk: int) -> HttpResponse:
    known = owned(request, pk)
    form = NewPasswordForm(request.POST or None, connection=known)
    if _connected(request, form) is None:
        return _shown(request, form, "new_password", _("Enter a new password"), known)
    said = _("%(login)s is connected again. What was chosen before still counts.")
    messages.success(request, said % {"login": known.username})
    return back_to(request, "integrations:integrations", part=f"#connection-{pk}")


def _connected(request: StaffRequest, form: ConnectForm) -> Connection | None:
    if not form.is_valid():
        return None
    return form.connect(cast("User", request.user), now=timezone.now())


def _on_to_calendars(request: StaffRequest, connection: Connection) -> HttpResponse:
    said = _("%(login)s is connected. Now choose which of its calendars count.")
    messages.success(request, said % {"login": connection.username})
    return back_to(request, "integrations:set-up", connection.pk, "linked")


def _shown(
    request: StaffRequest, form: ConnectForm, template: str, title: str, connection: Connection | None = None
) -> HttpResponse:
    context = {**shell(request), "form": form, "connection": connection, "page_title": title}
    status = 429 if form.too_many else 422 if form.errors else 200
    # htmx shows what was refused (422), but takes 429 for trouble with the server
    status = 422 if by_htmx(request) and form.errors else status
    return render(request, f"integrations/{template}.html", context, status=status)
