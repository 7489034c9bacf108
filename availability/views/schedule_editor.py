"""The schedule editor: the week as a picture that is also the form. Nothing is stored before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from availability.core.clock_changes import next_change
from availability.core.hours import DayHours
from availability.core.intervals import instant
from availability.core.week_picture import Drawn, draw_week, week_minutes
from availability.forms.hours import Row, rows_of
from availability.forms.schedule import ScheduleForm, day_name, initial_of, initial_of_new, name_taken
from availability.models import Schedule
from availability.models.schedule import Weekday
from availability.queries.overrides import coming_overrides
from availability.queries.schedules import calendars_of, hours_of, schedule_seen_by, times_outside
from availability.services.save_schedule import create_schedule, save_schedule
from availability.services.schedule_rows import ChangedMeanwhile, NameTaken
from availability.views.schedule_pages import (
    NO_STEP,
    Step,
    back_to,
    by_htmx,
    seen_member,
    seen_schedule,
    typed_edition,
)

_MOST_TIMES_LISTED = 50


@dataclass(frozen=True, slots=True)
class EditedDay:
    """One line of the week: its fields, their rows, and its bar."""

    weekday: Weekday
    field: BoundField
    is_open: bool
    rows: Sequence[Row]
    drawn: Sequence[Drawn]
    others: Sequence[Weekday]


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: StaffRequest, pk: int) -> HttpResponse:
    mine = seen_schedule(request, pk)
    return _edit(request, mine.member, mine)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_schedule(request: StaffRequest) -> HttpResponse:
    """``?member=<slug>``, or the form's field, says whose; the reader's own without."""
    return _edit(request, seen_member(request, request.POST.get("member") or request.GET.get("member", "")), None)


def _edit(request: StaffRequest, member: Member, mine: Schedule | None) -> HttpResponse:
    form = _form(request, member, mine)
    edition = typed_edition(request) if request.method == "POST" or mine is None else mine.edition
    step = Step.of(request)
    if step.verb:
        return _answer(request, _after(form, step, request), edition=edition, step=step)
    try:
        if form.is_valid():
            return _saved(request, form)
    except NameTaken:
        form.add_error("name", name_taken())
    except ChangedMeanwhile:
        return _changed_meanwhile(request, form)
    return _answer(request, form, edition=edition, status=422 if form.errors else 200)


def _form(request: StaffRequest, member: Member, mine: Schedule | None) -> ScheduleForm:
    if request.method == "POST":
        return ScheduleForm(request.POST, member=member, schedule=mine)
    initial = initial_of(mine, hours_of(mine)) if mine else initial_of_new(member)
    return ScheduleForm(initial=initial, member=member, schedule=mine)


def _saved(request: StaffRequest, form: ScheduleForm) -> HttpResponse:
    terms, hours = form.terms(), tuple(form.hours())
    if form.schedule is None:
        saved = create_schedule(form.member, terms=terms, hours=hours)
    else:
        saved = form.schedule
        save_schedule(saved, edition=typed_edition(request), terms=terms, hours=hours)
    messages.success(request, _("“%(name)s” is saved.") % {"name": terms.name})
    return back_to(request, "availability:schedule", saved.pk)


def _changed_meanwhile(request: StaffRequest, form: ScheduleForm) -> HttpResponse:
    """What was typed stays. Saving it again is then a choice made knowingly."""
    now_stored = form.schedule and schedule_seen_by(request.member, form.schedule.pk)
    if now_stored:
        said = _(
            "“%(name)s” was changed meanwhile by somebody else, so nothing of yours is saved yet. Here is what you "
            "typed. If you save it again, it takes the place of what they saved."
        )
    else:
        said = _("“%(name)s” was deleted meanwhile by somebody else. If you save what you typed, it is made anew.")
    form.add_error(None, said % {"name": form.schedule and form.schedule.name})
    form.schedule = now_stored
    return _answer(request, form, status=409, edition=now_stored.edition if now_stored else 0)


def _after(form: ScheduleForm, step: Step, request: StaffRequest) -> ScheduleForm:
    weekdays = {day_name(weekday): weekday for weekday in Weekday}
    if step.field not in weekdays:
        return form.typed_on({})
    hours = form.typed(weekdays[step.field])
    if step.verb == "copy":
        wanted = request.POST.getlist(f"{step.field}_copy")
        return form.typed_on({day: hours for day in wanted if day in weekdays})
    return form.typed_on({step.field: hours.after(step.verb, step.position)})


def _answer(
    request: StaffRequest, form: ScheduleForm, *, edition: int, status: int = 200, step: Step = NO_STEP
) -> HttpResponse:
    context = {**shell(request), "form": form, "schedule": form.schedule, "owner": form.member, "step": step}
    context |= _drawn(form, step) | {"edition": edition}
    if by_htmx(request):
        return render(request, "availability/schedule_changed.html", context)
    return render(request, "availability/schedule.html", context | _around(form.schedule), status=status)


def _drawn(form: ScheduleForm, step: Step) -> dict[str, Any]:
    """What follows from the hours as they are typed."""
    hours, zone, now = list(form.readable_hours()), form.zone(), timezone.now()
    days = _days(form, hours, step)
    outside = times_outside(form.schedule, hours=hours, zone=zone, now=now) if form.schedule else []
    return {
        "days": days,
        "changed_day": next((day for day in days if day.field.name == step.field), None),
        "minutes": week_minutes(hours),
        "change": next_change(zone, after=instant(now)),
        "zone": zone,
        "outside": outside[:_MOST_TIMES_LISTED],
        "outside_count": len(outside),
    }


def _days(form: ScheduleForm, hours: Sequence[DayHours], step: Step) -> list[EditedDay]:
    week = draw_week(hours)
    return [
        EditedDay(
            weekday=weekday,
            field=form[day_name(weekday)],
            is_open=form.typed(weekday).is_open,
            rows=rows_of(form[day_name(weekday)], focus_last=step == Step("add", day_name(weekday))),
            drawn=week[weekday],
            others=[other for other in Weekday if other != weekday],
        )
        for weekday in Weekday
    ]


def _around(mine: Schedule | None) -> dict[str, Any]:
    """What stands around the form of a schedule that is stored already."""
    if mine is None:
        return {}
    today = timezone.now().astimezone(ZoneInfo(str(mine.time_zone))).date()
    return {"calendars": calendars_of(mine), "overrides": coming_overrides(mine, today=today)}
