"""An invitation as whoever got the mail sees it. Looking accepts nothing, and nobody's user is changed."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import LAST_ACCOUNT
from accounts.forms.members import NewcomerForm
from accounts.models import Invitation, Member, User
from accounts.queries import has_user, invitation_by_link
from accounts.services.join import HasUser, NotOpen, join_as, join_as_new, still_stands

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, link: str) -> HttpResponse:
    found = invitation_by_link(link)
    if found is None or not found.is_open(timezone.now()) or not still_stands(found):
        return _ended(request, found)
    try:
        return _signed_in(request, found) if request.user.is_authenticated else _signed_out(request, found)
    except NotOpen:
        return _ended(request, found)


def _signed_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    user = cast("User", request.user)
    if user.email != found.email:
        return _page(request, "accounts/invitation_other.html", found)
    if request.method == "POST":
        return _arrive(request, join_as(user, found, now=timezone.now()), found)
    return _page(request, "accounts/invitation_accept.html", found)


def _signed_out(request: HttpRequest, found: Invitation) -> HttpResponse:
    if has_user(found.email):
        return _page(request, "accounts/invitation_sign_in.html", found)
    form = NewcomerForm(request.POST or None, invitation=found)
    if not form.is_valid():
        return _page(request, "accounts/invitation_new.html", found, form=form)
    try:
        member = join_as_new(found, form.newcomer, now=timezone.now())
    except HasUser:
        return redirect(request.path)
    login(request, member.user, backend=_BACKEND)
    translation.activate(member.user.locale)
    return _arrive(request, member, found)


def _page(request: HttpRequest, template: str, found: Invitation, form: NewcomerForm | None = None) -> HttpResponse:
    context = {"account": found.account, "invitation": found, "form": form, "here": request.path}
    return render(request, template, context, status=422 if form and form.errors else 200)


def _arrive(request: HttpRequest, member: Member, found: Invitation) -> HttpResponse:
    request.session[LAST_ACCOUNT] = found.account.slug
    said = _("You belong to %(account)s now. Begin with your hours, and with the calendars that keep your time free.")
    messages.success(request, said % {"account": found.account})
    return redirect(f"{resolve_url('bookings:my-calendar')}?account={found.account.slug}")


def _ended(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """One page for all that is over; 404 for a link nobody ever made."""
    context = {"account": found.account if found else None, "invitation": found}
    return render(request, "accounts/invitation_ended.html", context, status=410 if found else 404)
