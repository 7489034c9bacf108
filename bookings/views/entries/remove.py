"""Deleting own items, which asks nothing, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest, member_page
from bookings.models import OwnItem
from bookings.services.remove_own_item import remove_own_item
from bookings.services.restore_own_item import restore_own_item
from bookings.templatetags.undoing import RESTORE
from bookings.views.entries.seen import seen_item, to_calendar


@member_page
@require_POST
def remove(request: StaffRequest, uid: UUID) -> HttpResponse:
    item = seen_item(request, uid)
    remove_own_item(item, now=timezone.now())
    said = _("“%(title)s” is deleted, and its time is free.") if item.blocks else _("“%(title)s” is deleted.")
    messages.success(request, said % {"title": name_of(item)}, extra_tags=f"{RESTORE}{uid}")
    return to_calendar(request, item.starts_at)


@member_page
@require_POST
def restore(request: StaffRequest, uid: UUID) -> HttpResponse:
    item = seen_item(request, uid)
    restore_own_item(item, now=timezone.now())
    messages.success(request, _("“%(title)s” stands in the calendar again.") % {"title": name_of(item)})
    return to_calendar(request, item.starts_at)


def name_of(item: OwnItem) -> str:
    """Its title, or what kind of thing it is."""
    return item.title or str(item.get_kind_display())
