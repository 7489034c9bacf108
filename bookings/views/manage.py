"""The customer's own appointment, opened by an unguessable link."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.queries.team import hosts_of
from bookings.tokens import appointment_by_token


@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    appointment = appointment_by_token(token)
    if appointment is None:
        raise Http404
    zone = ZoneInfo(str(appointment.time_zone))
    context = {
        "appointment": appointment,
        "calendar": appointment.calendar,
        "account": appointment.calendar.account,
        "there": hosts_of(appointment),
        "zone": zone,
        "is_over": appointment.ends_at <= timezone.now(),
    }
    with timezone.override(zone):
        response = render(request, "bookings/manage.html", context)
    # whoever has the address has the appointment: it is kept, listed and passed on nowhere
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
