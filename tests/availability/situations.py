"""Calendars with their hosts, and short words for what happens to them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from availability.models import Calendar, HostTime, Seat
from availability.queries.judge import judge
from availability.queries.slots import open_slots
from availability.services.busy import Stretch, record_busy_times
from availability.services.own_source import own_source
from availability.services.reserve import SlotTaken, hold_time, reserve_time
from availability.services.sources import mark_read, open_source, set_blocking_sources
from tests.factories import NOW, CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HALF_HOUR = 30 * MINUTE
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
ALWAYS = [(day, 0, 0) for day in range(7)]


def team(hosts=2, *, hours=None, **settings):
    """The places on a calendar of so many hosts, in team order; a round robin unless ``settings`` say otherwise."""
    settings = {"type": "round_robin", "members_changed_at": NOW - 30 * DAY} | settings
    calendar = CalendarFactory(**settings)
    return [_place(calendar, position, hours) for position in range(hosts)]


def _place(calendar, position, hours):
    member = MemberFactory(account=calendar.account)
    ScheduleFactory(member=member, hours=hours)
    return CalendarMemberFactory(calendar=calendar, member=member, position=position)


def also_in(place, **settings):
    """The same user as a member of another account, with a calendar of their own there."""
    elsewhere = MemberFactory(user=place.member.user)
    ScheduleFactory(member=elsewhere)
    return CalendarMemberFactory(calendar=CalendarFactory(account=elsewhere.account, **settings), member=elsewhere)


def change(calendar, **settings):
    for name, value in settings.items():
        setattr(calendar, name, value)
    calendar.save()


def reserve(place, starts_at=TEN, **options):
    return reserve_time(place.calendar, **({"starts_at": starts_at, "uid": uuid4(), "now": NOW} | options))


def hold(place, starts_at=TEN, **options):
    """The hold's uid."""
    uid = options.pop("uid", None) or uuid4()
    hold_time(place.calendar, **({"starts_at": starts_at, "uid": uid, "now": NOW} | options))
    return uid


def expire(uid: UUID):
    """Let a hold run out by the clock of the database, which nobody else's is compared with."""
    over = datetime(2020, 1, 1, tzinfo=UTC)
    assert HostTime.objects.filter(uid=uid).update(expires_at=over) + Seat.objects.filter(uid=uid).update(
        expires_at=over
    )


def refusal(place, starts_at=TEN, **options):
    with pytest.raises(SlotTaken) as refused:
        reserve(place, starts_at, **options)
    return refused.value.codes


def codes(calendar, starts_at=TEN, **options):
    """Every reason against a start, each once."""
    against = judge(calendar, starts_at, **({"now": NOW} | options)).verdict.against()
    return {reason.code.value for reason in against}


def offer(calendar: Calendar, start=MONDAY, end=None, **options):
    """The starts on offer on a day, or until ``end``."""
    slots = open_slots(calendar, **({"start": start, "end": end or start + DAY, "now": NOW} | options))
    return [slot.starts_at for slot in slots]


def busy(member, start, end, *, blocks=True, read=True, asked_at=NOW):
    """An event outside that counts for the member; gives the source."""
    source = open_source(member.user, name="Private", page_url="", now=asked_at)
    set_blocking_sources(member, [source], now=NOW)
    record_busy_times(source, {"event": [Stretch("1", start, end, blocks)]}, now=NOW)
    if read:
        mark_read(source, now=NOW)
    return source


def keep_free(user, start, end, *, blocks=True):
    """Time of the user's own, in My Calendar."""
    source = own_source(user, now=NOW)
    record_busy_times(source, {"item": [Stretch("", start, end, blocks)]}, now=NOW)
    return source
