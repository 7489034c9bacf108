"""Somebody gives time to no calendar of their account any more."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from accounts.models import Member
from availability.models import Calendar, CalendarMember, CalendarType
from availability.services.locks import lock_calendar
from availability.services.versions import change_epoch


def leave_calendars_within(member: Member, *, now: datetime) -> Sequence[Calendar]:
    """Take the member off all calendars, as a part of the caller's transaction; those that are paused for it.

    Paused is what nobody could be booked on any more; what is booked stays. Bookings are counted anew (T5).
    """
    served = Calendar.objects.filter(account=member.account_id, calendar_members__member=member)
    return [calendar for calendar in served.order_by("pk") if _leave(calendar, member, now)]


def left_alone_by(member: Member) -> Sequence[Calendar]:
    """The calendars that nobody could be booked on without this member, by name; four queries."""
    served = Calendar.objects.filter(account=member.account_id, calendar_members__member=member)
    found = served.order_by("name").prefetch_related("calendar_members__member__user")
    return [one for one in found if not _has_hosts(one, [p for p in one.calendar_members.all() if p.member != member])]


def _leave(calendar: Calendar, member: Member, now: datetime) -> bool:
    """Whether it was paused."""
    lock_calendar(calendar)
    CalendarMember.objects.filter(calendar=calendar, member=member).delete()
    left = list(CalendarMember.objects.filter(calendar=calendar).select_related("member__user"))
    pauses = not _has_hosts(calendar, left) and calendar.paused_at is None
    current = Calendar.objects.filter(pk=calendar.pk)
    current.update(edition=F("edition") + 1, members_changed_at=now, **({"paused_at": now} if pauses else {}))
    change_epoch(calendar)
    return pauses


def _has_hosts(calendar: Calendar, places: Sequence[CalendarMember]) -> bool:
    """One who rotates, where some always take part; anybody elsewhere."""
    active = [place for place in places if place.member.user.is_active]
    if calendar.type == CalendarType.ROUND_ROBIN:
        return any(not place.is_fixed for place in active)
    return bool(active)
