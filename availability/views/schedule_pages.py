"""What the pages of schedules share: whose they are, and the way on from them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url

from accounts.access import StaffRequest
from accounts.models import Member
from availability.models import Schedule
from availability.queries.schedules import members_seen_by, schedule_seen_by


@dataclass(frozen=True, slots=True)
class Step:
    """A button inside a form that changes what is typed and stores nothing: "add:day_0", "remove:day_0:1"."""

    verb: str = ""
    field: str = ""
    position: str = ""

    @classmethod
    def of(cls, request: StaffRequest) -> "Step":
        if request.method != "POST":
            return cls()
        return cls(*(request.POST.get("do") or request.GET.get("do", "")).split(":", 2))


NO_STEP = Step()


def seen_schedule(request: StaffRequest, pk: int) -> Schedule:
    """The reader's own, or for managers and owners one of their members'; 404 for any other."""
    schedule = schedule_seen_by(request.member, pk)
    if schedule is None:
        raise Http404
    return schedule


def seen_member(request: StaffRequest, slug: str) -> Member:
    """By the public name, the reader for none; 404 for those whose schedules the reader may not see."""
    if not slug:
        return request.member
    for member in members_seen_by(request.member):
        if member.slug == slug:
            return member
    raise Http404


def typed_edition(request: StaffRequest) -> int:
    """The edition that the page was made from; 0, which none is, for nonsense."""
    typed = request.POST.get("edition") or request.GET.get("edition", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def by_htmx(request: StaffRequest) -> bool:
    """Whether a part of a page asks, and not the browser for a whole one."""
    return bool(getattr(request, "htmx", False))


def back_to(request: StaffRequest, page: str, *args: object, part: str = "", **query: str) -> HttpResponse:
    """On to a page in the same account."""
    asked = urlencode({"account": request.member.account.slug, **query})
    return redirect(f"{resolve_url(page, *args)}?{asked}{part}")
