"""The public pages: what an account offers, times, form. GET shows, POST books."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from accounts.models import Member
from availability.models import Calendar
from bookings.forms.appointment import BookingForm, parse_start
from bookings.forms.refusals import refusals
from bookings.queries import pages
from bookings.queries.alternatives import alternatives
from bookings.queries.offer import offer
from bookings.queries.refused import reasons_against
from bookings.queries.team import Team, team_of
from bookings.services.book import KeyUsedDifferently, SlotTaken, book_appointment
from bookings.tokens import manage_token
from bookings.views.reader import offered_zones, reader_zone, remember_zone


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a booking page: which calendar, read in which zone, with whom, when."""

    request: HttpRequest
    calendar: Calendar
    team: Team
    zone: ZoneInfo
    now: datetime

    @property
    def host(self) -> Member | None:
        """The colleague who is asked for; an unknown name is nobody in particular."""
        slug = self.request.GET.get("host")
        return next((member for member in self.team.choice if member.slug == slug), None)

    def render(self, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        shown = {"calendar": self.calendar, "account": self.calendar.account, "zone": self.zone, **context}
        response = render(self.request, template, shown, status=status)
        # not "no-store": going back to a sent form must find the same form, with the same key
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("HX-Request", "Cookie"))
        return response


@require_safe
def group(request: HttpRequest, account: str) -> HttpResponse:
    found = pages.public_account(account)
    if found is None:
        raise Http404
    return render(request, "bookings/group.html", {"account": found, "shelves": pages.shelves_of(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, account: str, slug: str) -> HttpResponse:
    calendar = pages.public_calendar(account, slug)
    if calendar is None:
        raise Http404
    zone = reader_zone(request, calendar)
    visit = Visit(request, calendar, team_of(calendar), zone, timezone.now())
    with timezone.override(zone):
        if request.method == "POST":
            return _submit(visit)
        if "start" in request.GET:
            return _form(visit)
        return remember_zone(request, _times(visit))


def _times(visit: Visit) -> HttpResponse:
    fragment = visit.request.headers.get("HX-Target") == "when"
    if not visit.calendar.is_open:
        return HttpResponseClientRefresh() if fragment else visit.render("bookings/book.html", {"team": visit.team})
    asked, day = (_date(visit.request.GET.get(name, "")) for name in ("from", "day"))
    shown = offer(visit.calendar, zone=visit.zone, now=visit.now, host=visit.host, asked=asked, day=day)
    account_zone = ZoneInfo(str(visit.calendar.account.time_zone))
    context = {
        "offer": shown,
        "team": visit.team,
        "hosts": visit.team.choice,
        "host": visit.host,
        "now": visit.now,
        "zones": [] if visit.calendar.time_zone_locked else offered_zones(visit.zone, account_zone),
    }
    return visit.render("bookings/parts/when_changed.html" if fragment else "bookings/book.html", context)


def _form(visit: Visit) -> HttpResponse:
    try:
        start = parse_start(visit.request.GET["start"])
    except ValidationError:
        return redirect(visit.request.path)
    if pages.slot_at(visit.calendar, start, now=visit.now, host=visit.host) is None:
        codes = reasons_against(visit.calendar, start, now=visit.now, host=visit.host)
        return _refuse(visit, start, visit.host, codes, form=None)
    answers = {
        "start": visit.request.GET["start"],
        "host": visit.host.slug if visit.host else "",
        "time_zone": visit.zone.key,
        "key": str(uuid.uuid4()),
    }
    form = BookingForm(initial=answers, calendar=visit.calendar, hosts=visit.team.choice)
    return _show_form(visit, form, start=start, host=visit.host)


def _submit(visit: Visit) -> HttpResponse:
    form = BookingForm(visit.request.POST, calendar=visit.calendar, hosts=visit.team.choice)
    if not form.is_valid():
        return _show_form(visit, form, form.cleaned_data.get("start"), form.cleaned_data.get("host"), status=422)
    start, host = form.cleaned_data["start"], form.cleaned_data["host"]
    try:
        appointment = book_appointment(
            visit.calendar,
            starts_at=start,
            customer=form.customer(),
            now=visit.now,
            host=host,
            key=form.cleaned_data["key"],
        )
    except SlotTaken as lost:
        return _refuse(visit, start, host, lost.codes, form=form)
    except KeyUsedDifferently:
        return _ask_again(visit, start, host)
    to = redirect("bookings:manage", token=manage_token(appointment))
    return HttpResponseClientRedirect(to.url) if visit.request.headers.get("HX-Request") else to


def _show_form(
    visit: Visit, form: BookingForm, start: datetime | None, host: Member | None, status: int = 200
) -> HttpResponse:
    there, anyone = visit.team.with_whom(host)
    context = {
        "form": form,
        "starts_at": start,
        "ends_at": start and start + visit.calendar.duration,
        "there": there,
        "anyone": anyone,
        "named": host,
    }
    return visit.render("bookings/form.html", context, status)


def _ask_again(visit: Visit, start: datetime, host: Member | None) -> HttpResponse:
    """The form has booked something else before: somebody went back and changed their answers."""
    answers = {**visit.request.POST.dict(), "key": str(uuid.uuid4())}
    again = BookingForm(answers, calendar=visit.calendar, hosts=visit.team.choice)
    again.is_valid()
    again.add_error(None, _("You have booked with this form already. Send it again to book this time as well."))
    return _show_form(visit, again, start, host, status=409)


def _refuse(
    visit: Visit, start: datetime, host: Member | None, codes: Iterable[str], form: BookingForm | None
) -> HttpResponse:
    """The page with other times; with a ``form``, each of its buttons books with the same answers."""
    context = {
        "refusals": refusals(codes),
        "starts_at": start,
        "host": host,
        "form": form,
        "others": alternatives(
            visit.calendar, start, zone=visit.zone, now=visit.now, host=host, colleagues=visit.team.choice
        ),
    }
    return visit.render("bookings/taken.html", context, status=409)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
