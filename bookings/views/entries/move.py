"""Moving and lengthening what stands in My Calendar, as a pointer or keys have put it.

A redirect means that it is done. An appointment's customer is told, so that is asked first (200); what stands against
a move is said (409); both are fragments for a dialog.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, member_page
from accounts.models import Member
from bookings.core.moving import lengthened, moved
from bookings.forms.entry_move import EntryMoveForm
from bookings.models import OwnItem
from bookings.queries.own_items import assignable_by, assignees_of, own_item_for
from bookings.services.change_own_item import (
    ChangedMeanwhile,
    EndsBeforeItStarts,
    ItemRemoved,
    change_own_item,
)
from bookings.templatetags.times import day_clock, day_words
from bookings.views.appointments.seen import seen
from bookings.views.entries.beside import say_beside
from bookings.views.entries.move_appointment import move_appointment
from bookings.views.entries.refused import refused
from bookings.views.entries.remove import name_of
from bookings.views.entries.seen import seen_item, to_calendar, zone_of
from bookings.views.entries.way_back import before_move, offer_undo


@member_page
@require_POST
def move(request: StaffRequest, uid: UUID) -> HttpResponse:
    now, is_item = timezone.now(), own_item_for(request.members, uid) is not None
    one = seen_item(request, uid) if is_item else seen(request, uid)
    form = EntryMoveForm(request.POST, zone=zone_of(request))
    if not form.is_valid():
        return refused(request, [str(words) for each in form.errors.values() for words in each], status=422)
    with timezone.override(zone_of(request)):
        if isinstance(one, OwnItem):
            return _move_item(request, one, form.cleaned_data, now)
        return move_appointment(request, one, form.cleaned_data, now)


def _move_item(request: StaffRequest, item: OwnItem, to: Mapping[str, Any], now: datetime) -> HttpResponse:
    assignees = _assignees(request, item, to)
    if assignees is None:
        return refused(request, [_("Only who manages the account gives this to somebody else.")])
    starts_at, ends_at = _span(request, item, to)
    before = before_move(item)
    try:
        done = change_own_item(
            item, starts_at=starts_at, ends_at=ends_at, assignees=assignees, edition=item.sequence, now=now
        )
    except EndsBeforeItStarts:
        return refused(request, [_("It would end before it starts.")])
    except (ChangedMeanwhile, ItemRemoved):
        return refused(request, [_("It was changed meanwhile. Look at how it stands now.")])
    offer_undo(request, _said(done, is_longer=to["starts_at"] is None), done=done, before=before, now=now)
    say_beside(request, done)
    return to_calendar(request, done.starts_at)


def _span(request: StaffRequest, item: OwnItem, to: Mapping[str, Any]) -> tuple[datetime, datetime]:
    span, zone = (item.starts_at, item.ends_at), zone_of(request)
    if to["starts_at"]:
        span = moved(span, to["starts_at"], zone=zone, whole_days=item.all_day)
    if to["ends_at"]:
        span = lengthened(span, to["ends_at"], zone=zone, whole_days=item.all_day)
    return span


def _assignees(request: StaffRequest, item: OwnItem, to: Mapping[str, Any]) -> list[Member] | None:
    """Whose it is afterwards: from one column into another it changes hands. None: the reader may not do that."""
    standing = list(assignees_of(item))
    if not to["host"] or to["host"] in {member.slug for member in standing}:
        return standing
    if not request.member.manages:
        return None
    new = next((member for member in assignable_by(request.member) if member.slug == to["host"]), None)
    if new is None:
        return None
    return [*(member for member in standing if member.slug != (to["former"] or request.member.slug)), new]


def _said(item: OwnItem, *, is_longer: bool) -> str:
    words = {
        "title": name_of(item),
        "start": day_words(item.starts_at) if item.all_day else day_clock(item.starts_at),
        "end": day_clock(item.ends_at),
    }
    if is_longer and not item.all_day:
        return _("“%(title)s” lasts until %(end)s now.") % words
    return _("“%(title)s” is on %(start)s now.") % words
