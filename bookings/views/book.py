"""The public pages: what an account offers, times, form. GET shows, POST books."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from accounts.models import Member
from accounts.queries import address_of
from accounts.services.limits import limits_are_on
from bookings.forms.appointment import BookingForm, day_if_any, parse_start
from bookings.forms.robots import opened_at
from bookings.forms.too_many import too_many_sentence
from bookings.queries import pages
from bookings.queries.offer import offer
from bookings.queries.questions import questions_of
from bookings.queries.refused import reasons_against
from bookings.services.admission import TooMany, admit_booking
from bookings.services.book import KeyUsedDifferently, SlotTaken, book_appointment
from bookings.tokens import manage_token
from bookings.views.reader import offered_zones, remember_zone
from bookings.views.too_many import wait
from bookings.views.visit import Visit, visit_to


@require_safe
def group(request: HttpRequest, account: str) -> HttpResponse:
    found = pages.public_account(account)
    if found is None:
        raise Http404
    return render(request, "bookings/group.html", {"account": found, "shelves": pages.shelves_of(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, account: str, slug: str) -> HttpResponse:
    visit = visit_to(request, account, slug)
    with timezone.override(visit.zone):
        if request.method == "POST":
            return _submit(visit)
        if "start" in request.GET:
            return remember_zone(request, _open_form(visit))
        return remember_zone(request, times(visit))


def times(visit: Visit) -> HttpResponse:
    """The page with the times, or its part that changes."""
    fragment = visit.request.headers.get("HX-Target") == "when"
    if not visit.calendar.is_open:
        return HttpResponseClientRefresh() if fragment else visit.render("bookings/book.html", {"team": visit.team})
    asked, day = (day_if_any(visit.request.GET.get(name, "")) for name in ("from", "day"))
    shown = offer(
        visit.calendar, zone=visit.zone, now=visit.now, host=visit.host, asked=asked, day=day, hold=visit.hold_uid
    )
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


def _open_form(visit: Visit) -> HttpResponse:
    try:
        start = parse_start(visit.request.GET["start"])
    except ValidationError:
        return redirect(visit.request.path)
    now, host, hold = visit.now, visit.host, visit.hold_uid
    if pages.slot_at(visit.calendar, start, now=now, host=host, hold=hold) is None:
        codes = reasons_against(visit.calendar, start, now=now, host=host, hold=hold)
        return visit.refuse(start, host, codes)
    answers = {
        "start": visit.request.GET["start"],
        "host": visit.host.slug if visit.host else "",
        "time_zone": visit.zone.key,
        "key": str(uuid.uuid4()),
        "opened": opened_at(visit.now),
    }
    return _show_form(visit, _form(visit, initial=answers), start, visit.host)


def _submit(visit: Visit) -> HttpResponse:
    form = _form(visit, data=visit.request.POST, traps=limits_are_on())
    if not form.is_valid():
        return _show_form(visit, form, form.cleaned_data.get("start"), form.cleaned_data.get("host"), status=422)
    start, host = form.cleaned_data["start"], form.cleaned_data["host"]
    try:
        admit_booking(
            visit.calendar,
            email=form.cleaned_data["email"],
            address=address_of(visit.request),
            now=visit.now,
            key=form.cleaned_data["key"],
        )
        appointment = book_appointment(
            visit.calendar,
            starts_at=start,
            customer=form.customer(),
            now=visit.now,
            host=host,
            key=form.cleaned_data["key"],
            hold=visit.hold,
        )
    except TooMany as refused:
        form.add_error(None, too_many_sentence(visit.calendar.account))
        return wait(_show_form(visit, form, start, host, status=429), refused)
    except SlotTaken as lost:
        return visit.refuse(start, host, lost.codes, form)
    except KeyUsedDifferently:
        return _ask_again(visit, start, host)
    to = redirect("bookings:manage", token=manage_token(appointment))
    return HttpResponseClientRedirect(to.url) if visit.request.headers.get("HX-Request") else to


def _form(visit: Visit, **options: Any) -> BookingForm:
    return BookingForm(
        calendar=visit.calendar,
        hosts=visit.team.choice,
        questions=questions_of(visit.calendar),
        now=visit.now,
        **options,
    )


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
        "kept": start and visit.kept_for(start, host),
        "release_url": visit.url("release"),
        "back": f"{visit.url('book')}?{urlencode(tuple(_way_back(start, host)))}",
    }
    return visit.render("bookings/form.html", context, status)


def _way_back(start: datetime | None, host: Member | None) -> Iterator[tuple[str, str]]:
    if start:
        yield "day", timezone.localdate(start).isoformat()
    if host:
        yield "host", host.slug


def _ask_again(visit: Visit, start: datetime, host: Member | None) -> HttpResponse:
    """The form has booked something else before: somebody went back and changed their answers."""
    answers = {**visit.request.POST.dict(), "key": str(uuid.uuid4())}
    again = _form(visit, data=answers)
    again.is_valid()
    again.add_error(None, _("You have booked with this form already. Send it again to book this time as well."))
    return _show_form(visit, again, start, host, status=409)
