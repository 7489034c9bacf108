"""Calendar Configuration: which remote calendars count for the reader in this account."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from availability.models import WhenStale
from bookings.queries.wanted import coming_uids
from integrations.forms.configuring import NOT_YOURS, ConflictsForm, PrimaryForm
from integrations.models import RemoteCalendar
from integrations.queries.configuration import Choice, choices_of, stale_before
from integrations.services.configure import CannotBeChosen, set_conflicts, set_primary
from integrations.views.owned import back_to

PAGE = "integrations:calendar-configuration"


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def configuration(request: StaffRequest) -> HttpResponse:
    """Each segment has its own form; ``segment`` says which was sent."""
    choices = choices_of(request.member, now=timezone.now())
    segment = request.POST.get("segment", "")
    primary = PrimaryForm(request.POST if segment == "primary" else None, choices=choices)
    conflicts = ConflictsForm(
        request.POST if segment == "conflicts" else None, choices=choices, initial=_staleness(request)
    )
    try:
        if primary.is_valid():
            return _save_primary(request, primary.cleaned_data["primary"])
        if conflicts.is_valid():
            return _save_conflicts(request, conflicts)
    except CannotBeChosen:
        # switched off or deleted since the choices were looked up
        (primary if segment == "primary" else conflicts).add_error(None, NOT_YOURS)
    context = {**_context(request, choices), "primary_form": primary, "conflicts_form": conflicts, "segment": segment}
    refused = primary.errors or conflicts.errors
    return render(request, "integrations/configuration.html", context, status=422 if refused else 200)


def _save_primary(request: StaffRequest, chosen: RemoteCalendar | None) -> HttpResponse:
    moved = set_primary(request.member, chosen, now=timezone.now())
    if chosen is None:
        messages.success(request, _("Appointments are written nowhere outside."))
    else:
        messages.success(request, _("Appointments are written to “%(calendar)s”.") % {"calendar": chosen.name})
    if moved and chosen:
        said = ngettext("%(count)s coming appointment moves along.", "%(count)s coming appointments move along.", moved)
        messages.success(request, said % {"count": moved})
    return back_to(request, PAGE, part="#primary")


def _save_conflicts(request: StaffRequest, form: ConflictsForm) -> HttpResponse:
    set_conflicts(
        request.member,
        form.cleaned_data["conflicts"],
        stale_after=form.stale_after(),
        when_stale=WhenStale(form.cleaned_data["when_stale"]),
        now=timezone.now(),
    )
    messages.success(request, _("Your choice is saved. Calendars that are new here are being read now."))
    return back_to(request, PAGE, part="#conflicts")


def _staleness(request: StaffRequest) -> dict[str, object]:
    """From when on this member's calendars count as out of date; the same for all of them."""
    blocking = request.member.blocking_sources.first()
    if blocking is None:
        return {}
    return {
        "stale_minutes": int(blocking.stale_after.total_seconds() // 60),
        "when_stale": blocking.when_stale,
    }


def _context(request: StaffRequest, choices: Sequence[Choice]) -> dict[str, object]:
    now = timezone.now()
    return {
        **shell(request),
        "now": now,
        "stale_before": stale_before(request.member, now=now),
        "choices": choices,
        "primary": next((choice for choice in choices if choice.is_primary), None),
        "counting": [choice for choice in choices if choice.counts],
        "coming": len(coming_uids(request.member, now=now)),
        "other_members": [member for member in request.members if member.pk != request.member.pk],
    }
