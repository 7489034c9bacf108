"""When the whole account is closed: closures, and the public holidays it keeps. For those who manage it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Account
from availability.forms.closure import ClosureForm
from availability.forms.holidays import HolidaysForm, as_initial
from availability.models import Closure, PublicHolidays
from availability.queries.closures import booked_in_closures, closures_of, line_of
from availability.queries.holidays import holidays_between
from availability.services.closures import add_closure, change_closure, remove_closure
from availability.services.holidays import keep_holidays, keep_no_holidays

MOST_BOOKED = 200
_YEAR = timedelta(days=364)


@member_page
@require_safe
def closures(request: StaffRequest) -> HttpResponse:
    _managers_only(request)
    return _page(request)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    _managers_only(request)
    account = request.member.account
    form = ClosureForm(request.POST or None, zone=_zone(account))
    if form.is_valid():
        closure = add_closure(account, name=form.cleaned_data["name"], starts_at=form.starts_at, ends_at=form.ends_at)
        return _saved(request, closure)
    return _edit(request, form)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    closure = _closure(request, pk)
    line = line_of(closure, _zone(closure.account))
    form = ClosureForm(request.POST or None, zone=_zone(closure.account), line=line)
    if form.is_valid():
        try:
            change_closure(closure, name=form.cleaned_data["name"], starts_at=form.starts_at, ends_at=form.ends_at)
        except Closure.DoesNotExist as gone:
            raise Http404 from gone
        closure.name = form.cleaned_data["name"]
        return _saved(request, closure)
    return _edit(request, form, line=line)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """GET says what will happen, POST does it."""
    closure = _closure(request, pk)
    if request.method != "POST":
        line = line_of(closure, _zone(closure.account))
        return render(request, "availability/closure_remove.html", {**shell(request), "line": line})
    remove_closure(closure)
    messages.success(request, _("The closure is removed. Its time is on offer again wherever your schedules are open."))
    return _back(request)


@member_page
@require_safe
def booked(request: StaffRequest) -> HttpResponse:
    """The times that are booked although the account is closed."""
    _managers_only(request)
    found = booked_in_closures(request.member.account, now=timezone.now())
    zone = _zone(request.member.account)
    more = max(0, found.count() - MOST_BOOKED)
    context = {**shell(request), "booked": found[:MOST_BOOKED], "more": more, "zone": zone}
    with timezone.override(zone):
        return render(request, "availability/closures_booked.html", context)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: StaffRequest) -> HttpResponse:
    """``show`` only shows the regions and days of what is chosen; ``off`` keeps none; otherwise the choice is saved."""
    _managers_only(request)
    if request.method != "POST":
        return _back(request, part="#holidays")
    account = request.member.account
    if "off" in request.POST:
        keep_no_holidays(account)
        messages.success(request, _("No public holidays are kept. Your schedules are open on them as on other days."))
        return _back(request, part="#holidays")
    form = HolidaysForm(request.POST)
    if "show" in request.POST:
        return _shown(request, HolidaysForm(initial=as_initial(form.chosen_country, form.chosen_subdivision)))
    if not form.is_valid():
        return _page(request, form, status=422)
    keep_holidays(account, country=form.chosen_country, subdivision=form.chosen_subdivision)
    messages.success(request, _("These public holidays are kept. Nothing already booked is touched."))
    return _back(request, part="#holidays")


def _managers_only(request: StaffRequest) -> None:
    """For staff there is no such page."""
    if not request.member.manages:
        raise Http404


def _closure(request: StaffRequest, pk: int) -> Closure:
    _managers_only(request)
    closure = Closure.objects.filter(account=request.member.account, pk=pk).select_related("account").first()
    if closure is None:
        raise Http404
    return closure


def _shown(request: StaffRequest, form: HolidaysForm) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return _page(request, form)
    context = {**shell(request), **_holidays(request.member.account, form, now=timezone.now()), "is_part": True}
    return render(request, "availability/holidays_chosen.html", context)


def _page(request: StaffRequest, form: HolidaysForm | None = None, *, status: int = 200) -> HttpResponse:
    account, now = request.member.account, timezone.now()
    context = {
        **shell(request),
        **_holidays(account, form, now=now),
        "closures": closures_of(account, now=now),
        "booked": booked_in_closures(account, now=now).count(),
    }
    return render(request, "availability/closures.html", context, status=status)


def _holidays(account: Account, form: HolidaysForm | None, *, now: datetime) -> dict[str, object]:
    """Those of the choice in ``form``; without one, those that are kept."""
    kept = PublicHolidays.objects.filter(account=account).first()
    if form is None:
        form = HolidaysForm(initial=as_initial(kept.country, kept.subdivision) if kept else None)
    chosen = (form.chosen_country, form.chosen_subdivision)
    today = now.astimezone(_zone(account)).date()
    return {
        "form": form,
        "kept": kept,
        "is_kept": kept is not None and chosen == (kept.country, kept.subdivision),
        "days": holidays_between(*chosen, today, today + _YEAR),
    }


def _edit(request: StaffRequest, form: ClosureForm, **more: object) -> HttpResponse:
    context = {**shell(request), "form": form, **more}
    return render(request, "availability/closure.html", context, status=422 if form.errors else 200)


def _saved(request: StaffRequest, closure: Closure) -> HttpResponse:
    if closure.name:
        said = _("“%(name)s” is saved. Nothing already booked is touched.") % {"name": closure.name}
    else:
        said = _("The closure is saved. Nothing already booked is touched.")
    messages.success(request, said)
    return _back(request)


def _back(request: StaffRequest, part: str = "") -> HttpResponse:
    return redirect(f"{resolve_url('availability:closures')}?account={request.member.account.slug}{part}")


def _zone(account: Account) -> ZoneInfo:
    return ZoneInfo(str(account.time_zone))
