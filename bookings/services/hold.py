"""Hold: a time is kept for the customer who fills in the form (B4), by the clock of the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import Member
from availability.core.hours import midnight
from availability.core.intervals import moment
from availability.models import Calendar
from availability.queries.held import held_back
from availability.services.release import release_time
from availability.services.reserve import Reserved, SlotTaken, hold_time
from availability.services.retry import durable
from bookings.models import Hold
from bookings.queries.holds import IS_LIVE

__all__ = ["SlotTaken", "forget_old_holds", "hold_slot", "release_hold"]

MOST_AT_ONE_ADDRESS = 3
# one start in so many of a day may be kept by holds
_SHARE = 4
# the first key of the advisory locks of this module; the second is what is waited for, in 32 bits
_HOLDERS = 0x484C
_KEPT_TO_BE_EXPLAINED = timedelta(hours=1)


class _EnoughHeld(Exception):
    """Holds take as much of that day as they may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    calendar: Calendar
    starts_at: datetime
    host: Member | None
    browser: str
    address: str
    now: datetime

    @property
    def day(self) -> tuple[datetime, datetime]:
        """From midnight to midnight in the account's zone."""
        zone = ZoneInfo(str(self.calendar.account.time_zone))
        first = self.starts_at.astimezone(zone).date()
        return moment(midnight(first, zone)), moment(midnight(first + timedelta(days=1), zone))


def hold_slot(
    calendar: Calendar, *, starts_at: datetime, host: Member | None, browser: str, address: str, now: datetime
) -> Hold | None:
    """Keep the time for this browser, in place of what it kept before. ``host``: this member or nobody.

    ``browser`` and ``address`` are digests. None: nothing is kept, as three are for this address already or as holds
    take a quarter of that day; the time can be booked all the same. Raises SlotTaken; all is as before then.
    """
    wish = _Wish(calendar=calendar, starts_at=starts_at, host=host, browser=browser, address=address, now=now)
    return durable(lambda: _hold(wish))


def release_hold(calendar: Calendar, *, browser: str, until: datetime, now: datetime) -> bool:
    """Give up what the browser keeps on this calendar, if it is still the hold that lasts ``until``."""

    def release() -> bool:
        _wait_for(f"browser {browser}")
        hold = Hold.objects.filter(calendar=calendar, browser=browser, expires_at=until).first()
        if hold:
            _give_up(hold, now)
        return hold is not None

    return durable(release)


def forget_old_holds() -> int:
    """Delete what ran out more than an hour ago; how many. Their time was free as soon as they had."""
    return Hold.objects.filter(expires_at__lte=Now() - _KEPT_TO_BE_EXPLAINED).delete()[0]


def _hold(wish: _Wish) -> Hold | None:
    # in this order everywhere, and before any host is waited for
    _wait_for(f"browser {wish.browser}")
    _wait_for(f"address {wish.address}")
    earlier = Hold.objects.filter(browser=wish.browser).first()
    # the same hold on whichever calendar: the hosts of both are waited for in one order
    reserved = None if _address_has_enough(wish) else _reserved(wish, earlier or Hold(browser=wish.browser))
    if reserved is None and earlier:
        _give_up(earlier, wish.now)
    return reserved


def _address_has_enough(wish: _Wish) -> bool:
    others = Hold.objects.filter(IS_LIVE, address=wish.address).exclude(browser=wish.browser)
    return others.count() >= MOST_AT_ONE_ADDRESS


def _reserved(wish: _Wish, hold: Hold) -> Hold | None:
    start, end = wish.day
    _wait_for(f"day {wish.calendar.pk} {start:%Y-%m-%d}")
    others = Hold.objects.filter(IS_LIVE, calendar=wish.calendar, starts_at__gte=start, starts_at__lt=end)
    is_first = not others.exclude(browser=wish.browser).exists()
    try:
        with transaction.atomic():
            reserved = hold_time(wish.calendar, starts_at=wish.starts_at, uid=hold.uid, now=wish.now, host=wish.host)
            if not is_first:
                _keep_within_the_share(wish)
            return _record(wish, hold, reserved)
    except _EnoughHeld:
        return None


def _keep_within_the_share(wish: _Wish) -> None:
    start, end = wish.day
    back = held_back(wish.calendar, start=start, end=end, now=wish.now)
    if back.lost > back.free // _SHARE:
        raise _EnoughHeld


def _record(wish: _Wish, hold: Hold, reserved: Reserved) -> Hold:
    hold.calendar, hold.host, hold.asked_for = wish.calendar, reserved.member, wish.host is not None
    hold.address, hold.starts_at, hold.expires_at = wish.address, wish.starts_at, cast("datetime", reserved.expires_at)
    hold.save()
    return hold


def _give_up(hold: Hold, now: datetime) -> None:
    release_time(hold.uid, now=now)
    hold.delete()


def _wait_for(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_HOLDERS, name])
