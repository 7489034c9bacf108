"""Journal: what the sync decided for the reader, with its reasons, and as a table to take along."""

from collections.abc import Iterator
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.models import User
from accounts.services.csv_table import csv_lines
from integrations.forms.journal import JournalForm
from integrations.models.journal import JournalQuerySet
from integrations.queries.connections import connections_of
from integrations.queries.journal import calendars_in_journal, entries_of, page_of
from integrations.templatetags.journal_words import details, plain_sentence

FIELDS = ("calendar", "decision", "since", "until")
_AT_ONCE = 500


@member_page
@require_safe
def journal(request: StaffRequest) -> HttpResponse:
    """The filter and the page stand in the address."""
    form = _form(request)
    after = request.GET.get("after", "")
    page = page_of(_entries(request, form), members=request.members, after=int(after) if _is_number(after) else None)
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        **shell(request),
        "now": timezone.now(),
        "form": form,
        "page": page,
        "asked": asked.urlencode(),
        "narrowed": any(request.GET.get(name) for name in FIELDS),
        "is_first": not after,
    }
    return render(request, "integrations/journal.html", context, status=422 if form.errors else 200)


@member_page
@require_safe
def journal_export(request: StaffRequest) -> HttpResponse:
    """What the filter shows, naming no customer and no event."""
    form = _form(request)
    if form.errors:
        return journal(request)
    name = f"journal-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # written as a whole: a streamed answer would leave the reader's language and time zone behind
    lines = "".join(csv_lines(_rows(_entries(request, form))))
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _form(request: StaffRequest) -> JournalForm:
    user = cast("User", request.user)
    form = JournalForm(
        request.GET if any(name in request.GET for name in FIELDS) else None,
        connections=connections_of(user),
        calendars=calendars_in_journal(user),
    )
    form.is_valid()
    return form


def _entries(request: StaffRequest, form: JournalForm) -> JournalQuerySet:
    zone = timezone.get_current_timezone()
    return entries_of(cast("User", request.user), form.wanted(), zone=zone)


def _rows(entries: JournalQuerySet) -> Iterator[tuple[str, ...]]:
    yield _("When"), _("Decision"), _("Calendar"), _("What happened"), _("Details"), _("Tried again")
    for entry in entries.iterator(chunk_size=_AT_ONCE):
        yield (
            localtime(entry.at).isoformat(timespec="seconds"),
            str(entry.get_decision_display()),
            entry.calendar_name,
            plain_sentence(entry),
            "; ".join(f"{detail.label}: {detail.words}" for detail in details(entry)),
            localtime(entry.retry_at).isoformat(timespec="seconds") if entry.retry_at else "",
        )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
