"""One's own profile: name, zone and language, and the address one signs in with."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from accounts.forms.profile import AddressForm, ProfileForm
from accounts.models import User
from accounts.services.change_address import AddressTaken, LinkUsedUp, ask_for_address, change_address, read_link
from accounts.services.limits import TooMany
from accounts.views.going import to_page


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, instance=user)
    if not form.is_valid():
        # what was typed and refused is not how the reader is named
        user.refresh_from_db()
        return render(request, "accounts/profile.html", {**shell(request), "form": form}, status=_status(form))
    form.save()
    translation.activate(user.locale)
    messages.success(request, _("Your profile is saved."))
    answer = to_page(request, "accounts:profile")
    # a language once chosen with the switch would go before the one chosen here
    answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
    return answer


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: StaffRequest) -> HttpResponse:
    """Ask for another address; a link goes to it, and until that is used nothing is changed."""
    form = AddressForm(request.POST or None, user=cast("User", request.user))
    if form.is_valid():
        wanted = form.cleaned_data["address"]
        try:
            ask_for_address(form.user, wanted, account=request.member.account, now=timezone.now())
        except TooMany:
            form.add_error("address", _("Several links were asked for already. Ask for the next one tomorrow."))
        else:
            return render(request, "accounts/address_asked.html", {**shell(request), "wanted": wanted})
    return render(request, "accounts/address.html", {**shell(request), "form": form}, status=_status(form))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: StaffRequest, link: str) -> HttpResponse:
    """GET asks, POST changes. Only for whoever is signed in as the one who asked: an address may be mistyped."""
    user = cast("User", request.user)
    try:
        if request.method != "POST":
            return _ask(request, read_link(link, user))
        new = change_address(user, link, account=request.member.account, now=timezone.now())
    except (LinkUsedUp, AddressTaken):
        return render(request, "accounts/address_used_up.html", shell(request), status=410)
    messages.success(request, _("You sign in with %(address)s from now on.") % {"address": new})
    return to_page(request, "accounts:profile")


def _ask(request: StaffRequest, wanted: str) -> HttpResponse:
    return render(request, "accounts/address_confirm.html", {**shell(request), "wanted": wanted})


def _status(form: AddressForm | ProfileForm) -> int:
    return 422 if form.errors else 200
