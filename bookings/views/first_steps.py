"""The first steps: hours, a first calendar, a connected calendar, a link to pass on (U9)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.services.first_steps import hide_first_steps, show_first_steps
from availability.services.first_calendar import make_first_calendar
from availability.services.usual_hours import take_usual_hours
from bookings.forms.first_calendar import FirstCalendarForm
from bookings.queries.first_steps import first_steps_of

# where the button stood, by the name it sends
_PAGES = {
    "calendar": "bookings:my-calendar",
    "connections": "integrations:integrations",
    "steps": "bookings:first-steps",
}


@member_page
@require_safe
def first_steps(request: StaffRequest) -> HttpResponse:
    return _page(request, FirstCalendarForm())


@member_page
@require_POST
def hours(request: StaffRequest) -> HttpResponse:
    """Monday to Friday, nine to five, unless there are hours already."""
    take_usual_hours(request.member, name=_("Working hours"))
    messages.success(request, _("Your hours are Monday to Friday, 9:00 to 17:00."))
    return _back(request)


@member_page
@require_POST
def calendar(request: StaffRequest) -> HttpResponse:
    if not request.member.manages:
        raise Http404
    form = FirstCalendarForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    made = make_first_calendar(
        request.member, name=form.cleaned_data["name"], duration=form.duration(), now=timezone.now()
    )
    messages.success(request, _("“%(calendar)s” can be booked. Its page is ready.") % {"calendar": made.name})
    return _back(request)


@member_page
@require_POST
def hide(request: StaffRequest) -> HttpResponse:
    """Off My Calendar, or back on it; the page in the settings stays."""
    if request.POST.get("show"):
        show_first_steps(request.member)
        messages.success(request, _("The first steps stand in My Calendar again until they are done."))
    else:
        hide_first_steps(request.member, now=timezone.now())
        messages.success(request, _("The first steps are hidden. You find them in the settings."))
    return _back(request)


def _page(request: StaffRequest, form: FirstCalendarForm, status: int = 200) -> HttpResponse:
    back = request.POST.get("back") or "steps"
    context = {**shell(request), "first_steps": first_steps_of(request.member), "form": form, "back": back}
    return render(request, "bookings/first_steps.html", context, status=status)


def _back(request: StaffRequest) -> HttpResponse:
    page = _PAGES.get(request.POST.get("back", ""), _PAGES["steps"])
    return redirect(f"{resolve_url(page)}?account={request.member.account.slug}")
