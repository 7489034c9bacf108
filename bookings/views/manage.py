"""The customer's own appointment, opened by an unguessable link: the page, and the file for their calendar."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from bookings.core.calendar_links import google_calendar, office_365, outlook
from bookings.invitations import download
from bookings.queries.calendar_entry import customer_entry
from bookings.queries.customer_page import Change, hindrance, steps_of, told
from bookings.queries.team import hosts_of
from bookings.queries.terms import allowed_to_customer, terms_of
from bookings.views.manage_door import Visit, customers_own


@require_safe
@customers_own
def manage(visit: Visit) -> HttpResponse:
    appointment, now = visit.appointment, visit.now
    terms, steps = terms_of(appointment.calendar), steps_of(appointment)
    context = {
        "there": hosts_of(appointment),
        "terms": terms,
        "allowed": allowed_to_customer(appointment, terms, now=now),
        "may_reschedule": hindrance(appointment, terms, Change.RESCHEDULE, now=now) is None,
        "may_cancel": hindrance(appointment, terms, Change.CANCEL, now=now) is None,
        "steps": steps,
        "told": told(appointment, steps),
        "calendar_links": _calendar_links(visit) if visit.stage.takes_place else (),
    }
    return visit.render("bookings/manage.html", context)


@require_safe
@customers_own
def appointment_ics(visit: Visit) -> HttpResponse:
    if not visit.stage.takes_place:
        raise Http404
    response = HttpResponse(download(visit.appointment), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _calendar_links(visit: Visit) -> tuple[tuple[str, str], ...]:
    entry = customer_entry(visit.appointment)
    return (
        ("Google Calendar", google_calendar(entry)),
        ("Outlook.com", outlook(entry)),
        ("Office 365", office_365(entry)),
    )
