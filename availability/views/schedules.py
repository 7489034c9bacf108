"""Settings › Schedules: the list, and what is done with a schedule as a whole."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Member
from availability.models import Schedule
from availability.queries.schedules import calendars_of, default_of, members_seen_by, schedules_of
from availability.services.delete_schedule import IsDefault, delete_schedule
from availability.services.duplicate_schedule import duplicate_schedule
from availability.services.make_default import make_default
from availability.services.schedule_rows import ChangedMeanwhile
from availability.views.schedule_pages import back_to, seen_member, seen_schedule

PAGE = "availability:schedules"


@member_page
@require_safe
def schedules(request: StaffRequest) -> HttpResponse:
    """All the reader may see, by member; ``?member=<slug>`` shows one."""
    slug = request.GET.get("member", "")
    members: Sequence[Member] = members_seen_by(request.member)
    shown = [seen_member(request, slug)] if slug else members
    context = {**shell(request), "groups": schedules_of(shown), "members": members, "chosen": slug}
    return render(request, "availability/schedules.html", context)


@member_page
@require_POST
def default(request: StaffRequest, pk: int) -> HttpResponse:
    schedule = seen_schedule(request, pk)
    try:
        make_default(schedule)
    except ChangedMeanwhile:
        messages.warning(request, _("“%(name)s” has just been deleted by somebody else.") % {"name": schedule.name})
    else:
        said = _("“%(name)s” now counts for every calendar that has not chosen another schedule.")
        messages.success(request, said % {"name": schedule.name})
    return _back_to_list(request, schedule)


@member_page
@require_POST
def duplicate(request: StaffRequest, pk: int) -> HttpResponse:
    twin = duplicate_schedule(seen_schedule(request, pk))
    messages.success(request, _("This is the copy. No calendar uses it yet."))
    return back_to(request, "availability:schedule", twin.pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    schedule = seen_schedule(request, pk)
    if request.method == "POST":
        try:
            delete_schedule(schedule)
        except IsDefault:
            schedule.is_default = True
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": schedule.name})
            return _back_to_list(request, schedule)
    context = {
        **shell(request),
        "schedule": schedule,
        "calendars": calendars_of(schedule),
        "default": default_of(schedule.member),
    }
    return render(
        request, "availability/schedule_delete.html", context, status=409 if request.method == "POST" else 200
    )


def _back_to_list(request: StaffRequest, schedule: Schedule) -> HttpResponse:
    return back_to(request, PAGE, **({} if schedule.member == request.member else {"member": schedule.member.slug}))
