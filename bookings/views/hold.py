"""Choosing a time keeps it for a while; leaving the form gives it up. Both are POST."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from bookings.forms.appointment import parse_start, start_if_any
from bookings.queries import pages
from bookings.services.hold import SlotTaken, hold_slot, release_hold
from bookings.views.browser import address_digest, browser_of, new_browser, remember_browser
from bookings.views.visit import Visit, visit_to


class SeeOther(HttpResponseRedirect):
    """After a POST: the next page is asked for by GET."""

    status_code = 303


@require_POST
def hold(request: HttpRequest, account: str, slug: str) -> HttpResponse:
    """Keep the time, if holds do not keep too many, and open the form for it."""
    visit = visit_to(request, account, slug)
    try:
        start = parse_start(request.POST.get("start", ""))
    except ValidationError:
        return SeeOther(visit.url("book"))
    with timezone.override(visit.zone):
        return _keep(visit, start)


@require_POST
def release(request: HttpRequest, account: str, slug: str) -> HttpResponse:
    """What the script sends when the form is left; nobody reads the answer."""
    calendar, browser, until = (
        pages.public_calendar(account, slug),
        browser_of(request),
        start_if_any(request.POST.get("until", "")),
    )
    if calendar is None:
        raise Http404
    if browser and until:
        release_hold(calendar, browser=browser, until=until, now=timezone.now())
    return HttpResponse(status=204)


def _keep(visit: Visit, start: datetime) -> HttpResponse:
    browser, name = browser_of(visit.request), None
    if browser is None:
        name, browser = new_browser()
    try:
        hold_slot(
            visit.calendar,
            starts_at=start,
            host=visit.host,
            browser=browser,
            address=address_digest(visit.request),
            now=visit.now,
        )
    except SlotTaken as lost:
        return visit.refuse(start, visit.host, lost.codes)
    response = SeeOther(f"{visit.url('book')}?{_query(visit)}")
    if name:
        remember_browser(visit.request, response, name)
    return response


def _query(visit: Visit) -> str:
    """What the form is opened with: the same as a link to it."""
    known = {"start": visit.request.POST["start"].strip(), "host": visit.host.slug if visit.host else ""}
    if visit.request.POST.get("time_zone"):
        known["time_zone"] = visit.zone.key
    return urlencode({name: value for name, value in known.items() if value})
