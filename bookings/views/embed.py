"""The booking pages inside other websites: the same, up to the choice of a time (decision 22)."""

from collections.abc import Callable
from typing import TypeAlias

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from accounts.models import Account
from bookings.queries import pages
from bookings.views.book import times
from bookings.views.reader import remember_zone
from bookings.views.visit import visit_to

View: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


@require_safe
def group(request: HttpRequest, account: str) -> HttpResponseBase:
    found = pages.public_account(account)
    if found is None:
        raise Http404
    context = {"account": found, "shelves": pages.shelves_of(found), "embedded": True}
    return _framed(request, found, lambda _request: render(request, "bookings/group.html", context))


@require_safe
def book(request: HttpRequest, account: str, slug: str) -> HttpResponseBase:
    """The times. Choosing one opens the form in a tab of its own: nothing here needs a cookie."""
    visit = visit_to(request, account, slug, embedded=True)
    with timezone.override(visit.zone):
        return _framed(request, visit.calendar.account, lambda _request: remember_zone(request, times(visit)))


def _framed(request: HttpRequest, account: Account, view: View) -> HttpResponseBase:
    """Shown by the websites of the account alone; where there are none, by nobody, as every other page."""
    sites = account.embedding_sites
    if sites:
        view = xframe_options_exempt(csp_replace({"frame-ancestors": list(sites)})(view))
    answer = view(request)
    answer["X-Robots-Tag"] = "noindex"
    return answer
