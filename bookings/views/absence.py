""" "I am ill today": what becomes of the appointments of somebody who cannot come (U10)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from bookings.forms.absence import AbsenceForm
from bookings.forms.appointment import start_if_any
from bookings.queries.absence import Absence, absence_between, absent_choices, appointments_of
from bookings.services.absence import keep_absence, settle
from bookings.services.history import staff
from bookings.views.settling import Settling


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: StaffRequest) -> HttpResponse:
    """GET says who and when, and lists what is booked then; POST previews and, as the last step, does it."""
    now = timezone.now()
    choices = absent_choices(request.member)
    data = request.POST if request.method == "POST" else request.GET
    asked = AbsenceForm(data if "first" in data else None, choices=choices, now=now)
    if not asked.is_bound:
        return _ask(request, AbsenceForm(choices=choices, now=now, initial=_today(request, now)))
    absent = asked.absent
    if absent is None:
        raise Http404
    if not asked.is_valid():
        return _ask(request, asked, 422)
    return _settle(request, asked, absent, now)


def _today(request: StaffRequest, now: datetime) -> dict[str, object]:
    zone = ZoneInfo(str(request.member.user.time_zone))
    return {"who": request.GET.get("who") or request.member.slug, "first": now.astimezone(zone).date()}


def _ask(request: StaffRequest, asked: AbsenceForm, status: int = 200) -> HttpResponse:
    context = {**shell(request), "asked": asked, "form": asked, "is_alone": not request.member.manages}
    return render(request, "bookings/absence.html", context, status=status)


def _settle(request: StaffRequest, asked: AbsenceForm, absent: Member, now: datetime) -> HttpResponse:
    away = _away(request, asked, now)
    found = appointments_of(absent, starts_at=away.starts_at, ends_at=away.ends_at, now=now)
    settling = Settling(
        request=request,
        absent=absent,
        appointments=list(found),
        zone=asked.zone(),
        now=now,
        templates="absence",
        context={"asked": asked, "away": away, "days": asked.cleaned_data, "last_moment": _last_moment(away)},
    )
    step = request.POST.get("step")
    if step == "do":
        return _do(settling, away)
    return settling.preview() if step == "preview" else settling.choose()


def _away(request: StaffRequest, asked: AbsenceForm, now: datetime) -> Absence:
    """The days asked for; from the moment on that stood in the preview, so that sent again it is the same time."""
    first, last = asked.cleaned_data["first"], asked.cleaned_data["last"]
    since = start_if_any(request.POST.get("since", ""))
    return absence_between(first, last, zone=asked.zone(), now=now, since=since)


def _last_moment(away: Absence) -> datetime:
    """Within the last day, to name it."""
    return away.ends_at - timedelta(seconds=1)


def _do(settling: Settling, away: Absence) -> HttpResponse:
    decisions, reason = settling.decided()
    member, now = settling.request.member, settling.now
    # first of all nothing new may come
    keep_absence(settling.absent, absence=away, title=_("Absent"), now=now)
    outcome = settle(decisions, absent=settling.absent, by=staff(member), message=reason, now=now)
    return settling.done(outcome, {})
