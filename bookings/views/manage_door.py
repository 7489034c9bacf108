"""The door to a customer's own appointment: what opens it, and what every page behind it knows.

The address is the proof: nobody can guess it, so these pages need no CSRF token. Browsers could not show one anyway:
under "no-referrer" they send "Origin: null" with a form, which the check refuses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.queries import address_of
from bookings.models import Appointment
from bookings.queries.customer_page import Change, Hindrance, Stage, hindrance, stage_of
from bookings.queries.terms import allowed_to_customer, terms_of
from bookings.services.admission import TooMany, admit_look, note_wrong_guess
from bookings.tokens import appointment_by_token
from bookings.views.too_many import too_many

_FROM_OUR_PAGES = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request by the customer of ``appointment``."""

    request: HttpRequest
    token: str
    appointment: Appointment
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(str(self.appointment.time_zone))

    @property
    def stage(self) -> Stage:
        return stage_of(self.appointment, now=self.now)

    def hindrance(self, change: Change) -> Hindrance | None:
        return hindrance(self.appointment, terms_of(self.appointment.calendar), change, now=self.now)

    def url(self, name: str) -> str:
        return reverse(f"bookings:{name}", args=[self.token])

    @property
    def book_url(self) -> str:
        """Where another one can be booked; empty while there is no page."""
        calendar = self.appointment.calendar
        address = [calendar.account.slug, calendar.slug]
        return "" if calendar.switched_off_at else reverse("bookings:book", args=address)

    def to_page(self) -> HttpResponse:
        return redirect(self.url("manage"))

    def render(self, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
        calendar = self.appointment.calendar
        shown = {
            "appointment": self.appointment,
            "calendar": calendar,
            "account": calendar.account,
            "stage": self.stage,
            "zone": self.zone,
            "now": self.now,
            **{f"{name}_url": self.url(f"manage-{name}") for name in ("reschedule", "cancel", "ics")},
            "page_url": self.url("manage"),
            "book_url": self.book_url,
            **context,
        }
        return render(self.request, template, shown, status=status)

    def refuse(self, change: Change, why: Hindrance) -> HttpResponse:
        """In words what cannot be done, and what can. Asking is no offence; sending it all the same is refused."""
        terms = terms_of(self.appointment.calendar)
        context = {
            "change": change.value,
            "why": why.value,
            "until": allowed_to_customer(self.appointment, terms, now=self.now).until,
            "may_cancel": change is not Change.CANCEL and self.hindrance(Change.CANCEL) is None,
        }
        refused = 403 if why is Hindrance.SWITCHED_OFF else 409
        return self.render("bookings/manage_refused.html", context, refused if self.request.method == "POST" else 200)


View = Callable[[Visit], HttpResponse]


def customers_own(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Made-up, altered, outdated and too old tokens answer alike: there is no such page."""

    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        try:
            appointment = _opened_by(token, address=address_of(request), now=now)
        except TooMany as refused:
            return too_many(request, refused)
        visit = Visit(request, token, appointment, now)
        with timezone.override(visit.zone):
            if request.method == "POST":
                return _elsewhere(visit) if _comes_from_elsewhere(request) else view(visit)
            return _in_language(request) or view(visit)

    return opened


def _opened_by(token: str, *, address: str, now: datetime) -> Appointment:
    admit_look(address)
    appointment = appointment_by_token(token, now=now)
    if appointment is None:
        note_wrong_guess(address)
        raise Http404
    return appointment


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    """Browsers say where a form comes from; what says nothing is no browser that could be made to send one."""
    return request.headers.get("Sec-Fetch-Site", "none") not in _FROM_OUR_PAGES


def _elsewhere(visit: Visit) -> HttpResponse:
    return visit.render("bookings/manage_elsewhere.html", {}, status=403)


def _in_language(request: HttpRequest) -> HttpResponse | None:
    """The language switch of these pages is a link, because no form of theirs may go anywhere else."""
    asked = request.GET.get("language")
    if asked is None:
        return None
    rest = request.GET.copy()
    del rest["language"]
    response = redirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)
    if asked in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            asked,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
