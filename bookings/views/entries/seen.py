"""Which own item a request is about, and where in My Calendar one goes from it."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import StaffRequest
from bookings.models import OwnItem
from bookings.queries.own_items import own_item_for


def seen_item(request: StaffRequest, uid: UUID) -> OwnItem:
    """The item, removed or not; from now on the reader acts as the member of its account."""
    found = own_item_for(request.members, uid)
    if found is None:
        raise Http404
    request.member = next(one for one in request.members if one.account_id == found.account_id)
    return found


def zone_of(request: StaffRequest) -> ZoneInfo:
    """The clock My Calendar shows."""
    return ZoneInfo(str(request.member.user.time_zone))


def to_calendar(request: StaffRequest, at: datetime) -> HttpResponse:
    """My Calendar at the day of ``at``."""
    asked = {"day": at.astimezone(zone_of(request)).date().isoformat(), "account": request.member.account.slug}
    return redirect(f"{reverse('bookings:my-calendar')}?{urlencode(asked)}")
