"""The customer cancels their own appointment: GET asks, POST does it."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from bookings.forms.own_appointment import ReasonForm
from bookings.forms.too_many import too_many_sentence
from bookings.queries.customer_page import Change, Hindrance
from bookings.queries.offer import utc_words
from bookings.queries.team import hosts_of
from bookings.services.admission import TooMany, admit_change
from bookings.services.cancel import AlreadyClosed, AlreadyOver, ChangedMeanwhile, cancel_appointment
from bookings.views.manage_door import Visit, customers_own
from bookings.views.too_many import wait


@require_http_methods(["GET", "HEAD", "POST"])
@customers_own
def cancel(visit: Visit) -> HttpResponse:
    if visit.appointment.cancelled_at:
        return visit.to_page()
    if why := visit.hindrance(Change.CANCEL):
        return visit.refuse(Change.CANCEL, why)
    if visit.request.method == "POST":
        return _cancel(visit)
    return _ask(visit, ReasonForm(initial=_shown(visit)))


def _cancel(visit: Visit) -> HttpResponse:
    form = ReasonForm(visit.request.POST)
    if not form.is_valid():
        return _ask(visit, form, status=422)
    seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
    if seen and seen != visit.appointment.starts_at:
        return _ask_again(visit, reason)
    try:
        admit_change(visit.appointment)
        cancel_appointment(visit.appointment, now=visit.now, reason=reason, stands_at=visit.appointment.starts_at)
    except TooMany as refused:
        form.add_error(None, too_many_sentence(visit.appointment.calendar.account))
        return wait(_ask(visit, form, status=429), refused)
    except ChangedMeanwhile:
        visit.appointment.refresh_from_db()
        return _ask_again(visit, reason)
    except (AlreadyClosed, AlreadyOver):
        visit.appointment.refresh_from_db()
        return visit.refuse(Change.CANCEL, visit.hindrance(Change.CANCEL) or Hindrance.CLOSED)
    return visit.to_page()


def _shown(visit: Visit) -> dict[str, str]:
    return {"seen": utc_words(visit.appointment.starts_at)}


def _ask_again(visit: Visit, reason: str) -> HttpResponse:
    """It was moved meanwhile: whether to cancel it all the same."""
    return _ask(visit, ReasonForm(initial={**_shown(visit), "reason": reason}), status=409)


def _ask(visit: Visit, form: ReasonForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "there": hosts_of(visit.appointment), "changed_meanwhile": status == 409}
    return visit.render("bookings/manage_cancel.html", context, status)
