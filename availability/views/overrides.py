"""Other hours on single days of a schedule: a small month to choose from, and what opens then.

The same view gives the whole page, or for htmx the dialog over the schedule editor.
"""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from availability.core.hours import Opening
from availability.core.month_picture import draw_month
from availability.forms.hours import TypedHours, rows_of
from availability.forms.overrides import FARTHEST, OverrideForm
from availability.models import Schedule
from availability.queries.overrides import coming_overrides, overrides_between
from availability.queries.schedules import hours_of
from availability.services.save_override import remove_override, save_override
from availability.services.schedule_rows import ChangedMeanwhile
from availability.views.schedule_pages import NO_STEP, Step, back_to, by_htmx, seen_schedule, typed_edition

_DAY = timedelta(days=1)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: StaffRequest, pk: int) -> HttpResponse:
    """``?day=`` and ``?last=`` choose what is changed, ``?month=`` what is seen."""
    mine = seen_schedule(request, pk)
    if request.method != "POST":
        form = OverrideForm(initial=_initial(request, mine), today=_today(mine))
        return _answer(request, mine, form, edition=typed_edition(request) or mine.edition)
    form = OverrideForm(request.POST, today=_today(mine))
    step, edition = Step.of(request), typed_edition(request)
    if step.verb in {"add", "remove"}:
        typed = form.typed_on(form.typed().after(step.verb, step.position))
        return _answer(request, mine, typed, edition=edition, step=step)
    try:
        if step.verb == "back" and form.instead_of():
            return _taken_back(request, mine, form)
        if form.is_valid():
            return _saved(request, mine, form)
    except ChangedMeanwhile:
        return _changed_meanwhile(request, mine, form)
    return _answer(request, mine, form, edition=edition, status=422)


def _saved(request: StaffRequest, mine: Schedule, form: OverrideForm) -> HttpResponse:
    save_override(
        mine,
        edition=typed_edition(request),
        days=form.days(),
        openings=form.openings(),
        instead_of=form.instead_of(),
    )
    messages.success(request, _("The other hours are saved. Nothing already booked is touched."))
    return _back_to_editor(request, mine)


def _taken_back(request: StaffRequest, mine: Schedule, form: OverrideForm) -> HttpResponse:
    remove_override(mine, edition=typed_edition(request), days=form.instead_of() or form.days())
    messages.success(request, _("The hours of the week count again. Nothing already booked is touched."))
    return _back_to_editor(request, mine)


def _changed_meanwhile(request: StaffRequest, mine: Schedule, form: OverrideForm) -> HttpResponse:
    """What was typed stays. Saving it again is then a choice made knowingly."""
    stored = seen_schedule(request, mine.pk)
    said = _(
        "“%(name)s” was changed meanwhile by somebody else, so nothing of yours is saved yet. The month shows how it "
        "is now. If you save again what you typed, it takes the place of what they saved on these days."
    )
    form.add_error(None, said % {"name": stored.name})
    return _answer(request, stored, form, edition=stored.edition, status=409)


def _back_to_editor(request: StaffRequest, mine: Schedule) -> HttpResponse:
    """On to the editor; from its dialog only what changed there, so that what is typed in the week stays."""
    if not by_htmx(request):
        return back_to(request, "availability:schedule", mine.pk, part="#overrides")
    stored = seen_schedule(request, mine.pk)
    context = {
        **shell(request),
        "schedule": stored,
        "edition": stored.edition,
        "overrides": coming_overrides(stored, today=_today(stored)),
    }
    response = render(request, "availability/override_saved.html", context)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Trigger"] = "#dialog", "innerHTML", "days-changed"
    return response


def _answer(
    request: StaffRequest,
    mine: Schedule,
    form: OverrideForm,
    *,
    edition: int,
    status: int = 200,
    step: Step = NO_STEP,
) -> HttpResponse:
    context = {
        **shell(request),
        **_month(request, mine, form),
        "schedule": mine,
        "form": form,
        "edition": edition,
        "step": step,
        "typed": form.typed(),
        "rows": rows_of(form["hours"], focus_last=step.verb == "add"),
    }
    if by_htmx(request):
        return render(request, "availability/override_dialog.html", context, status=status)
    context["overrides"] = coming_overrides(mine, today=_today(mine))
    return render(request, "availability/override_page.html", context, status=status)


def _month(request: StaffRequest, mine: Schedule, form: OverrideForm) -> dict[str, Any]:
    """The month asked for, or that of the day typed, between today's and the farthest."""
    today = _today(mine)
    chosen = _date(str(form["first"].value() or ""))
    asked = _date(f"{request.GET.get('month', '')}-01") or chosen or today
    first = min(max(asked, today), today + FARTHEST).replace(day=1)
    shown = overrides_between(mine, first - 7 * _DAY, first + 40 * _DAY)
    later = (first + 31 * _DAY).replace(day=1)
    return {
        "month": first,
        "weeks": draw_month(first, hours=hours_of(mine), overrides=shown),
        "earlier": (first - _DAY).replace(day=1) if first > today else None,
        "later": later if later <= today + FARTHEST else None,
        "today": today,
        "chosen": chosen,
    }


def _initial(request: StaffRequest, mine: Schedule) -> dict[str, Any]:
    """Of the day that is asked for: what opens then, by other hours or else by those of the week."""
    first, last = _date(request.GET.get("day", "")), _date(request.GET.get("last", ""))
    if first is None:
        return {"hours": TypedHours.of(())}
    others = overrides_between(mine, first, last or first)
    usual = (Opening(opens, closes) for weekday, opens, closes in hours_of(mine) if weekday == first.weekday())
    initial = {"first": first, "last": last, "hours": TypedHours.of(others.get(first, usual))}
    return initial | ({"was_first": first, "was_last": last or first} if first in others else {})


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _today(mine: Schedule) -> date:
    return timezone.now().astimezone(ZoneInfo(str(mine.time_zone))).date()
