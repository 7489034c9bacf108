"""Making and changing a calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import Account
from availability.forms.calendar import CalendarEditor, editor_for
from availability.forms.calendar_types import PROPOSED, TYPES, WITH_ONE_HOST, sentence_about
from availability.models import Calendar, CalendarType
from availability.queries.calendars import coming_appointments
from availability.services.save_calendar import (
    EditedMeanwhile,
    HasComingAppointments,
    SlugTaken,
    create_calendar,
    save_calendar,
)
from availability.views.calendars import back, managed


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """First the type, then the rest; nothing is stored before that is sent."""
    if not request.member.manages:
        raise Http404
    if request.method != "POST" and request.GET.get("type") not in CalendarType:
        return _types(request, calendar=None, proposed=PROPOSED)
    account = request.member.account
    calendar = Calendar(account=account)
    editor = _editor(request, calendar)
    if request.method == "POST" and editor.is_valid() and (made := _create(editor, account)):
        messages.success(request, _("“%(calendar)s” is made. Its page is ready.") % {"calendar": made.name})
        return back(request, part=f"#calendar-{made.pk}")
    return _page(request, calendar, editor)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """``?type=`` shows the editor as another type would have it; nothing is stored before it is sent."""
    calendar = managed(request, pk)
    editor = _editor(request, calendar)
    try:
        if request.method == "POST" and editor.is_valid() and _save(editor, calendar):
            said = _("“%(calendar)s” is saved. Its page shows it already.")
            messages.success(request, said % {"calendar": editor.settings.cleaned_data["name"]})
            return back(request, part=f"#calendar-{pk}")
    except EditedMeanwhile:
        return _second(request, pk)
    return _page(request, calendar, editor)


@member_page
@require_safe
def types(request: StaffRequest, pk: int) -> HttpResponse:
    calendar = managed(request, pk)
    return _types(request, calendar=calendar, proposed=CalendarType(calendar.type))


def _editor(request: StaffRequest, calendar: Calendar) -> CalendarEditor:
    data = request.POST if request.method == "POST" else None
    wanted = request.POST.get("type") or request.GET.get("type")
    return editor_for(calendar, data=data, wanted_type=wanted, now=timezone.now())


def _create(editor: CalendarEditor, account: Account) -> Calendar | None:
    values, team = editor.values()
    try:
        return create_calendar(account, settings=values, team=team, now=timezone.now())
    except SlugTaken as refused:
        editor.explain(refused)
        return None


def _save(editor: CalendarEditor, calendar: Calendar) -> bool:
    values, team = editor.values()
    try:
        save_calendar(calendar, edition=editor.edition, settings=values, team=team, now=timezone.now())
    except (SlugTaken, HasComingAppointments) as refused:
        editor.explain(refused)
        return False
    return True


def _second(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody else saved first: what was typed stays, and what it would change is named."""
    calendar = managed(request, pk)
    editor = _editor(request, calendar)
    editor.is_valid()
    return _page(request, calendar, editor, meanwhile=editor.changed_labels(), status=409)


def _types(request: StaffRequest, *, calendar: Calendar | None, proposed: CalendarType) -> HttpResponse:
    coming = coming_appointments(calendar, now=timezone.now()) if calendar else 0
    context = {**shell(request), "calendar": calendar, "types": TYPES, "proposed": proposed, "coming": coming}
    return render(request, "availability/calendar_types.html", context)


def _page(
    request: StaffRequest,
    calendar: Calendar,
    editor: CalendarEditor,
    *,
    meanwhile: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **shell(request),
        "calendar": calendar if calendar.pk else None,
        "editor": editor,
        "kind": editor.kind,
        "sentence": sentence_about(editor.kind),
        "has_one_host": editor.kind in WITH_ONE_HOST,
        "meanwhile": meanwhile,
        "site_url": settings.PUBLIC_BASE_URL,
    }
    return render(request, "availability/calendar.html", context, status=422 if editor.errors else status)
