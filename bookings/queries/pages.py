"""What public pages are about: an account, its calendars, who serves them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import Account, Member
from accounts.queries import account_by_slug
from availability.models import Calendar, CalendarType
from availability.queries.slots import Slot, open_slots

_WITH_CHOICE = (CalendarType.SERVICE, CalendarType.ROUND_ROBIN)
_AN_INSTANT = timedelta(seconds=1)


def public_account(slug: str) -> Account | None:
    return account_by_slug(slug)


def public_calendar(account: str, slug: str) -> Calendar | None:
    return Calendar.objects.public().filter(account__slug=account, slug=slug).first()


def public_calendars(account: Account) -> Sequence[Calendar]:
    """Those with a public page, services first."""
    calendars = Calendar.objects.public().filter(account=account)
    return sorted(calendars, key=lambda one: (one.type != CalendarType.SERVICE, one.name.casefold()))


def hosts_of_calendar(calendar: Calendar) -> Sequence[Member]:
    """Everybody who serves the calendar, in team order; one query."""
    hosts = Member.objects.filter(calendar_members__calendar=calendar, user__is_active=True)
    return list(hosts.select_related("user").order_by("calendar_members__pk"))


def may_be_chosen(calendar: Calendar, hosts: Sequence[Member]) -> Sequence[Member]:
    """The hosts a customer may choose from; none where there is no choice."""
    return hosts if calendar.type in _WITH_CHOICE and len(hosts) > 1 else ()


def slot_at(calendar: Calendar, starts_at: datetime, *, now: datetime, host: Member | None) -> Slot | None:
    """The slot that starts then, if it is on offer."""
    try:
        found = open_slots(calendar, start=starts_at, end=starts_at + _AN_INSTANT, now=now, host=host)
    except OverflowError:
        return None
    return found[0] if found and found[0].starts_at == starts_at else None
