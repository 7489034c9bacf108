"""Asking people to join an account. For those who manage it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest, manager_page, shell
from accounts.forms.members import InviteForm
from accounts.models import Invitation
from accounts.queries import invitation_of
from accounts.roles import Role
from accounts.services.invite import AlreadyInvited, AlreadyMember, invite, invite_again, withdraw
from accounts.services.limits import TooMany
from accounts.services.member_changes import NotTheirs
from accounts.views.going import to_page


@manager_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, by=Role(request.member.role), initial={"role": Role.STAFF})
    if form.is_valid() and _invited(request, form):
        said = _("An invitation is on its way to %(address)s. Its link can be used for seven days.")
        messages.success(request, said % {"address": form.cleaned_data["email"]})
        return to_page(request, "accounts:members")
    context = {**shell(request), "form": form}
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


@manager_page
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        _do(lambda: invite_again(invitation, by=request.member, now=timezone.now()))
    except TooMany:
        messages.error(request, _("Not sent: several mails went to this address today. Send the next one tomorrow."))
    else:
        said = _("Another link is on its way to %(address)s; the one before leads nowhere any more.")
        messages.success(request, said % {"address": invitation.email})
    return to_page(request, "accounts:members")


@manager_page
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    _do(lambda: withdraw(invitation, by=request.member, now=timezone.now()))
    messages.success(request, _("The invitation is withdrawn. Its link leads nowhere any more."))
    return to_page(request, "accounts:members")


def _invited(request: StaffRequest, form: InviteForm) -> bool:
    said = form.cleaned_data
    try:
        invite(email=said["email"], name=said["name"], role=form.chosen, by=request.member, now=timezone.now())
    except AlreadyMember:
        form.add_error("email", _("Somebody with this address is in the account already."))
    except AlreadyInvited:
        form.add_error("email", _("This address is invited already. Send the invitation again from the list."))
    except TooMany:
        form.add_error("email", _("Many invitations went out today. Nothing was sent; ask again tomorrow."))
    except NotTheirs as gone:
        raise Http404 from gone
    return not form.errors


def _invitation(request: StaffRequest, pk: int) -> Invitation:
    invitation = invitation_of(request.member.account, pk)
    if invitation is None:
        raise Http404
    return invitation


def _do(step: Callable[[], None]) -> None:
    """What the reader may not do, or what is answered meanwhile, is not there for them."""
    try:
        step()
    except (NotTheirs, Invitation.DoesNotExist) as gone:
        raise Http404 from gone
