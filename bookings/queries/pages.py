"""What public pages are about: an account, and what it offers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Account, Member
from accounts.queries import account_by_slug
from availability.models import Calendar, CalendarType
from availability.queries.slots import Slot, open_slots
from bookings.models import BookingTerms

_AN_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Calendars that stand together. ``category`` is empty for those without one.

    ``are_services``: what follows them is something else, and wants a heading where categories have one.
    """

    category: str
    calendars: tuple[Calendar, ...]
    are_services: bool


def public_account(slug: str) -> Account | None:
    return account_by_slug(slug)


def public_calendar(account: str, slug: str) -> Calendar | None:
    """With its terms, which the pages name: one query."""
    return Calendar.objects.public().select_related("terms").filter(account__slug=account, slug=slug).first()


def terms_on_page(calendar: Calendar) -> BookingTerms:
    """The terms of a ``public_calendar``, as they came with it."""
    return getattr(calendar, "terms", None) or BookingTerms(calendar=calendar)


def shelves_of(account: Account) -> Sequence[Shelf]:
    """What the group page names: services without a category, each category, and everything else."""
    services: defaultdict[str, list[Calendar]] = defaultdict(list)
    spelled: dict[str, str] = {}
    others = []
    for calendar in sorted(Calendar.objects.listed().filter(account=account), key=lambda one: one.name.casefold()):
        if calendar.type != CalendarType.SERVICE:
            others.append(calendar)
            continue
        category = calendar.category.strip()
        spelled.setdefault(category.casefold(), category)
        services[category.casefold()].append(calendar)
    shelves = [Shelf(spelled[key], tuple(services[key]), are_services=True) for key in sorted(services)]
    return [*shelves, *([Shelf("", tuple(others), are_services=False)] if others else [])]


def slot_at(
    calendar: Calendar,
    starts_at: datetime,
    *,
    now: datetime,
    host: Member | None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> Slot | None:
    """The slot that starts then, if it can be booked; one that *look busy* hides can.

    ``hold``: the reader's own, which is looked through; ``besides``: a taker whose time is as well, for moving it.
    """
    try:
        end = starts_at + _AN_INSTANT
        found = open_slots(
            calendar, start=starts_at, end=end, now=now, host=host, hold=hold, besides=besides, hidden=True
        )
    except OverflowError:
        return None
    return found[0] if found and found[0].starts_at == starts_at else None
