"""Booking for a customer (B10): which calendar, what time, who it is."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from availability.models import Calendar
from availability.queries.calendars import calendars_of
from bookings.forms.appointment import day_if_any
from bookings.forms.staff import CustomerForm, MomentForm, details_of
from bookings.models import Appointment, Question
from bookings.services.book import KeyUsedDifferently, SlotTaken, book_appointment
from bookings.services.history import staff
from bookings.views.appointments.desk import Desk, desk_for
from bookings.views.appointments.seen import seen


@member_page
@require_safe
def new(request: StaffRequest) -> HttpResponse:
    """Which calendar; with one alone there is nothing to choose. Day and time by the reader's clock are carried on."""
    calendars = [one for one in calendars_of(request.member) if one.is_open]
    asked = _asked(request)
    if len(calendars) == 1:
        return redirect(f"{reverse('bookings:appointment-new-on', args=[calendars[0].pk])}{asked}")
    return render(request, "bookings/new.html", {**shell(request), "calendars": calendars, "asked": asked})


def _asked(request: StaffRequest) -> str:
    """What ``?on=`` and ``?at=`` say, as the next page takes it: an instant, a day, or nothing."""
    typed = MomentForm(request.GET, zone=ZoneInfo(str(request.member.user.time_zone)))
    if typed.is_valid():
        return "?" + urlencode({"start": typed.cleaned_data["start"].strftime("%Y-%m-%dT%H:%M:%SZ")})
    day = day_if_any(request.GET.get("on", ""))
    return "?" + urlencode({"day": day.isoformat()}) if day else ""


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_on(request: StaffRequest, pk: int) -> HttpResponse:
    return _book(desk_for(request, _calendar(request, pk)), {})


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The same customer on the same calendar."""
    found = seen(request, uid)
    return _book(desk_for(request, _calendar(request, found.calendar_id)), details_of(found))


def _calendar(request: StaffRequest, pk: int) -> Calendar:
    """One the reader may book on, in whichever of their accounts; from now on they act as its member."""
    for member in request.members:
        for calendar in calendars_of(member):
            if calendar.pk == pk and calendar.is_open:
                request.member, calendar.account = member, member.account
                return calendar
    raise Http404


def _book(desk: Desk, customer: Mapping[str, str]) -> HttpResponse:
    request = desk.request
    if request.method != "POST" and "start" not in request.GET:
        return desk.times("bookings/new_times.html", {"customer": customer.get("name", "")})
    start = desk.start(request.POST.get("start", request.GET.get("start", "")))
    if start is None:
        return redirect(request.path)
    if request.method == "POST":
        return _submit(desk, start)
    usual = {"time_zone": desk.zone.key, "locale": desk.calendar.account.locale, "key": str(uuid.uuid4())}
    initial = {**usual, **customer, "start": request.GET["start"], "host": desk.host.slug if desk.host else ""}
    return _form(desk, _customer_form(desk, initial=initial), start)


def _submit(desk: Desk, start: datetime) -> HttpResponse:
    form = _customer_form(desk, desk.request.POST)
    if not form.is_valid():
        return _form(desk, form, start, status=422)
    try:
        appointment = _take(desk, form, start)
    except SlotTaken:
        return desk.reasons("bookings/new_reasons.html", start, {"customer": form.cleaned_data["name"]})
    except KeyUsedDifferently:
        return _ask_again(desk, start)
    said = _("The appointment is booked and confirmed. %(customer)s is told by mail.")
    messages.success(desk.request, said % {"customer": appointment.customer_name})
    return redirect("bookings:appointment", uid=appointment.uid)


def _take(desk: Desk, form: CustomerForm, start: datetime) -> Appointment:
    """As it is offered if it is; knowingly only with the reasons that were seen."""
    return book_appointment(
        desk.calendar,
        starts_at=start,
        customer=form.customer(),
        now=desk.now,
        host=desk.host,
        key=form.cleaned_data["key"],
        by=staff(desk.request.member),
        overbook=bool(desk.overbook),
        seen=desk.overbook,
    )


def _form(desk: Desk, form: CustomerForm, start: datetime, status: int = 200) -> HttpResponse:
    context = {"form": form, "starts_at": start, "ends_at": start + desk.calendar.duration}
    return desk.render("bookings/new_customer.html", context, status)


def _ask_again(desk: Desk, start: datetime) -> HttpResponse:
    """The form has booked something else before: somebody went back and changed it."""
    form = _customer_form(desk, {**desk.request.POST.dict(), "key": str(uuid.uuid4())})
    form.is_valid()
    form.add_error(None, _("This form has booked an appointment already. Send it again to book this one as well."))
    return _form(desk, form, start, status=409)


def _customer_form(
    desk: Desk, sent: Mapping[str, str] | None = None, initial: Mapping[str, str] | None = None
) -> CustomerForm:
    questions = list(Question.objects.filter(calendar=desk.calendar))
    known = (*desk.hosts.choice, *([desk.hosts.usual] if desk.hosts.usual else []))
    return CustomerForm(sent, initial=initial, calendar=desk.calendar, hosts=known, questions=questions)
