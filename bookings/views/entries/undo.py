"""Taking a move back. Of an appointment that is a move of its own, with its own mail."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, member_page
from accounts.models import Member
from bookings.models import Appointment, OwnItem
from bookings.queries.own_items import own_item_for
from bookings.services.change_own_item import ChangedMeanwhile, ItemRemoved, NobodyAssigned, change_own_item
from bookings.services.history import staff
from bookings.services.reschedule import AlreadyClosed, AlreadyOver, SlotTaken, reschedule_appointment
from bookings.views.appointments.seen import seen
from bookings.views.entries.seen import seen_item, to_calendar
from bookings.views.entries.way_back import WayBack, read_way_back

_REFUSED = (ChangedMeanwhile, ItemRemoved, NobodyAssigned, AlreadyClosed, AlreadyOver)


@member_page
@require_POST
def undo(request: StaffRequest, uid: UUID) -> HttpResponse:
    now, is_item = timezone.now(), own_item_for(request.members, uid) is not None
    one = seen_item(request, uid) if is_item else seen(request, uid)
    way = read_way_back(request.POST.get("undo", ""), uid)
    if way is None or way.until < now:
        messages.error(request, _("Nothing was undone: this can be undone for ten minutes only."))
        return to_calendar(request, one.starts_at)
    try:
        said = _put_back(one, way, now) if isinstance(one, OwnItem) else _move_back(request, one, way, now)
    except _REFUSED:
        messages.error(request, _("Nothing was undone: it was changed again meanwhile."))
    except SlotTaken:
        messages.error(request, _("Nothing was undone: where it was before is not free any more."))
        asked = urlencode({"start": way.before.starts_at.isoformat()})
        return redirect(f"{reverse('bookings:move', args=[uid])}?{asked}")
    else:
        messages.success(request, said)
    one.refresh_from_db()
    return to_calendar(request, one.starts_at)


def _put_back(item: OwnItem, way: WayBack, now: datetime) -> str:
    change_own_item(
        item,
        starts_at=way.before.starts_at,
        ends_at=way.before.ends_at,
        assignees=list(Member.objects.filter(account=item.account_id, pk__in=way.before.members)),
        edition=way.edition,
        now=now,
    )
    return _("It is back where it was.")


def _move_back(request: StaffRequest, one: Appointment, way: WayBack, now: datetime) -> str:
    if one.sequence != way.edition:
        raise ChangedMeanwhile
    reschedule_appointment(
        one,
        starts_at=way.before.starts_at,
        host=Member.objects.filter(pk__in=way.before.members).first(),
        stands_at=one.starts_at,
        by=staff(request.member),
        now=now,
    )
    return _("It is back where it was. %(customer)s is told by mail.") % {"customer": one.customer_name}
