"""The account as those who manage it see it: its details, and the address of its public pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import LAST_ACCOUNT, StaffRequest, manager_page, shell
from accounts.forms.account import DetailsForm, PublicAddressForm
from accounts.models import Account
from accounts.roles import Role
from accounts.services.save_account import PublicAddressTaken, move_to, save_details
from accounts.views.going import to_page


@manager_page
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: StaffRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=_own_copy(request))
    if form.is_valid():
        save_details(form.instance)
        messages.success(request, _("The details are saved."))
        return to_page(request, "accounts:account")
    context = {**shell(request), "form": form, "owns": request.member.role == Role.OWNER}
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@manager_page
@require_http_methods(["GET", "HEAD", "POST"])
def public_address(request: StaffRequest) -> HttpResponse:
    """For owners. The first POST says what will happen, the one with ``sure`` does it."""
    if request.member.role != Role.OWNER:
        raise Http404
    form = PublicAddressForm(request.POST or None, instance=_own_copy(request))
    if form.is_valid() and "sure" in request.POST:
        try:
            move_to(request.member.account, form.cleaned_data["slug"])
        except PublicAddressTaken:
            form.add_error("slug", form.fields["slug"].error_messages["unique"])
        else:
            return _moved(request)
    asked = form.cleaned_data["slug"] if form.is_valid() else ""
    context = {**shell(request), "form": form, "asked": asked}
    return render(request, "accounts/public_address.html", context, status=422 if form.errors else 200)


def _moved(request: StaffRequest) -> HttpResponse:
    request.session[LAST_ACCOUNT] = request.member.account.slug
    messages.success(request, _("The public pages have a new address. The old one leads nowhere any more."))
    return to_page(request, "accounts:account")


def _own_copy(request: StaffRequest) -> Account:
    """What is typed and refused must not show in the bar above the page."""
    return Account.objects.get(pk=request.member.account_id)
