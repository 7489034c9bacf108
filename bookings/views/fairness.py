"""The fairness report: how a round robin shared its bookings, and why each went where it did. For managers."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, manager_page, shell
from bookings.forms.fairness import FairnessForm, Usual
from bookings.queries.fairness import Report, fairness_of, lines_of, round_robins_of
from bookings.templatetags.fairness_words import candidates, not_free, one_place, why
from bookings.views.download import csv_download

PAGE_SIZE = 50


@manager_page
@require_safe
def fairness(request: StaffRequest) -> HttpResponse:
    """Calendar, days and page stand in the address."""
    form = _form(request)
    if form is None:
        return render(request, "bookings/fairness.html", shell(request))
    report = fairness_of(form.chosen, form.period) if form.is_valid() else None
    page = Paginator(report.booked if report else (), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **shell(request),
        "form": form,
        "usual": Usual,
        "report": report,
        "page": page,
        "lines": lines_of(list(page)),
        "zone": _zone(request),
    }
    with timezone.override(_zone(request)):
        return render(request, "bookings/fairness.html", context, status=422 if form.errors else 200)


@manager_page
@require_safe
def fairness_export(request: StaffRequest) -> HttpResponse:
    """A line for each host, or with ``rows=bookings`` for each booking."""
    form = _form(request)
    if form is None:
        raise Http404
    if not form.is_valid():
        return fairness(request)
    report = fairness_of(form.chosen, form.period)
    with timezone.override(_zone(request)):
        if request.GET.get("rows") == "bookings":
            return csv_download(_bookings(report), name="bookings")
        return csv_download(_hosts(report), name="fairness")


def _form(request: StaffRequest) -> FairnessForm | None:
    """None where there is nothing to report on."""
    calendars = round_robins_of(request.member)
    if not calendars:
        return None
    today = timezone.localdate(timezone=_zone(request))
    return FairnessForm(request.GET, calendars=calendars, today=today)


def _zone(request: StaffRequest) -> ZoneInfo:
    return ZoneInfo(str(request.member.account.time_zone))


def _hosts(report: Report) -> Iterator[tuple[str, ...]]:
    yield (
        _("Host"),
        _("Bookings"),
        _("Share in per cent"),
        _("Even split"),
        _("Even split in per cent"),
        _("Passed over"),
        _("Of these too far ahead"),
        _("Called off"),
    )
    for line in report.hosts:
        share = line.share
        numbers = (line.per_cent, share.even, line.even_per_cent)
        counts = (share.passed_over, share.ahead, line.cancelled)
        yield line.name, str(share.booked), *map(one_place, numbers), *map(str, counts)


def _bookings(report: Report) -> Iterator[tuple[str, ...]]:
    yield _("When"), _("Host"), _("Status"), _("Why"), _("Candidates"), _("Not free")
    for line in lines_of(report.booked):
        one, record = line.appointment, line.record
        when = localtime(one.starts_at).isoformat(timespec="minutes")
        yield when, str(one.host.user), str(one.status.label), why(record), candidates(record), not_free(record)
