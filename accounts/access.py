"""Who may open a staff page, in which account they are, and what the navigation says on all of them."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from accounts.models import Member, User
from accounts.ports import Needs
from accounts.queries import memberships_of

P = ParamSpec("P")
LAST_ACCOUNT = "last_account"
Counter: TypeAlias = Callable[[Member, datetime], Needs]

_counters: list[Counter] = []


def count_with(counter: Counter) -> None:
    """From now on ``counter`` is asked as well what waits for a member at ``now``: one small query each."""
    _counters.append(counter)


class StaffRequest(HttpRequest):
    """A request whose reader is a member of ``account``; ``members`` are all places of the reader."""

    member: Member
    members: list[Member]


def member_page(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Sign in first; ``?account=<slug>`` (or the form's field) names the account, the last one is the default.

    A slug the reader is not a member of is a page that does not exist (404).
    """

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        staff_request = cast("StaffRequest", request)
        members = list(memberships_of(cast("User", request.user)))
        if not members:
            return redirect("accounts:no-account")
        slug = request.POST.get("account") or request.GET.get("account")
        staff_request.member = _named(members, slug) if slug else _last(members, request)
        staff_request.members = members
        if request.session.get(LAST_ACCOUNT) != staff_request.member.account.slug:
            request.session[LAST_ACCOUNT] = staff_request.member.account.slug
        return view(staff_request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(login_required(page)))


def manager_page(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A ``member_page`` for those who manage the account; for staff there is no such page (404)."""

    def page(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.member.manages:
            raise Http404
        return view(request, *args, **kwargs)

    return member_page(cast("Callable[Concatenate[StaffRequest, P], HttpResponse]", wraps(view)(page)))


def shell(request: StaffRequest) -> dict[str, object]:
    """What the staff shell's templates need. What waits is counted only where the navigation is shown."""
    return {
        "account": request.member.account,
        "accounts": [member.account for member in request.members],
        "member": request.member,
        "needs_you": SimpleLazyObject(lambda: _needs_of(request.member, timezone.now())),
    }


def _needs_of(member: Member, now: datetime) -> Needs:
    counted = [counter(member, now) for counter in _counters]
    return Needs(
        count=sum(needs.count for needs in counted),
        notices=tuple(notice for needs in counted for notice in needs.notices),
    )


def _named(members: list[Member], slug: str) -> Member:
    for member in members:
        if member.account.slug == slug:
            return member
    raise Http404


def _last(members: list[Member], request: HttpRequest) -> Member:
    last = request.session.get(LAST_ACCOUNT)
    return next((member for member in members if member.account.slug == last), members[0])
