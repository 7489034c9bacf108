"""The people of an account: their roles, those who left, and who is asked to join. For those who manage it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, manager_page, shell
from accounts.forms.members import RoleForm
from accounts.models import Member
from accounts.queries import changes_of, member_of, people_of, unanswered_invitations
from accounts.roles import Role
from accounts.services.change_role import change_role
from accounts.services.member_changes import LastOwner, NotTheirs
from accounts.services.take_back import take_back
from accounts.views.going import to_page

MOST_CHANGES = 50


@manager_page
@require_safe
def members(request: StaffRequest) -> HttpResponse:
    account, mine = request.member.account, Role(request.member.role)
    people = people_of(account)
    context = {
        **shell(request),
        "people": [(one, mine.can_give(Role(one.role))) for one in people if one.left_at is None],
        "gone": [one for one in people if one.left_at is not None],
        "invitations": [(one, mine.may_give(Role(one.role))) for one in unanswered_invitations(account)],
        "changes": changes_of(account, most=MOST_CHANGES),
        "now": timezone.now(),
    }
    return render(request, "accounts/members.html", context)


@manager_page
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: StaffRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    mine, theirs = Role(request.member.role), Role(person.role)
    if person.left_at is not None or not mine.may_give(theirs, to=theirs):
        raise Http404
    form = RoleForm(request.POST or None, by=mine, to=theirs, initial={"role": theirs})
    if form.is_valid():
        try:
            change_role(person, form.chosen, by=request.member, now=timezone.now())
        except LastOwner:
            form.add_error("role", _("Somebody has to own the account. Make somebody else an owner first."))
        except (NotTheirs, Member.DoesNotExist) as gone:
            raise Http404 from gone
        else:
            return _changed(request, person, form.chosen)
    context = {**shell(request), "form": form, "person": person}
    return render(request, "accounts/member_role.html", context, status=422 if form.errors else 200)


@manager_page
@require_POST
def back(request: StaffRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    try:
        take_back(person, by=request.member, now=timezone.now())
    except (NotTheirs, Member.DoesNotExist) as not_gone:
        raise Http404 from not_gone
    said = _("%(name)s is back, as staff. Schedules and calendars begin anew where you put them in.")
    messages.success(request, said % {"name": person.user})
    return to_page(request, "accounts:members")


def _person(request: StaffRequest, pk: int) -> Member:
    person = member_of(request.member.account, pk)
    if person is None:
        raise Http404
    return person


def _changed(request: StaffRequest, person: Member, role: Role) -> HttpResponse:
    messages.success(request, _("%(name)s: the role is “%(role)s” now.") % {"name": person.user, "role": role.label})
    has_left_the_page = person.pk == request.member.pk and not role.manages
    return to_page(request, "accounts:profile" if has_left_the_page else "accounts:members")
