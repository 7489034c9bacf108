"""What the demo's people have put into My Calendar themselves: blocked time, calls, tasks and to-dos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Member
from bookings.models import OwnItem, OwnItemKind
from bookings.services.add_own_item import add_own_item
from config.demo.people import FAEHRHAUS, INES, MARIT, MINUTE, RUTH, TOMASZ, ZONE, Person

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """``in_days`` from today; without ``clock`` it is for the whole day."""

    kind: OwnItemKind
    title: str
    people: Sequence[Person]
    in_days: int
    clock: time | None = None
    lasts: timedelta = 30 * MINUTE
    place: str = ""


ITEMS = (
    Item(OwnItemKind.BLOCK, "Paperwork", (INES,), 1, time(16), 60 * MINUTE),
    Item(OwnItemKind.TASK, "Ring the insurer", (INES,), 0, time(11, 30)),
    Item(OwnItemKind.TO_DO, "Order tape", (INES,), 2),
    Item(OwnItemKind.SERVICE_CALL, "Treatment table, second floor", (TOMASZ, INES), 3, time(14), 45 * MINUTE, "Room 4"),
    Item(OwnItemKind.ACTIVITY, "Stretching group", (RUTH,), 2, time(17, 15), 45 * MINUTE),
    Item(OwnItemKind.APPOINTMENT, "Talk with the landlord", (MARIT,), 4, time(9), 60 * MINUTE),
    Item(OwnItemKind.BLOCK, "School visit", (TOMASZ,), 2, time(8), 120 * MINUTE),
)


def add_items(*, now: datetime) -> int:
    """Add those that are missing, and say how many that were; whatever is there from today on is left alone."""
    return sum(_add(item, now) for item in ITEMS)


def _add(item: Item, now: datetime) -> bool:
    members = list(
        Member.objects.filter(
            account__slug=FAEHRHAUS.slug, user__email__in=[person.email for person in item.people]
        ).select_related("account")
    )
    today = now.astimezone(ZoneInfo(ZONE)).date()
    known = OwnItem.objects.filter(account__slug=FAEHRHAUS.slug, title=item.title)
    if not members or known.filter(ends_at__gte=_at(today, time())).exists():
        return False
    day = today + item.in_days * _DAY
    starts_at = _at(day, item.clock or time())
    add_own_item(
        members[0].account,
        kind=item.kind,
        title=item.title,
        starts_at=starts_at,
        ends_at=starts_at + item.lasts if item.clock else _at(day + _DAY, time()),
        assignees=members,
        all_day=item.clock is None,
        place=item.place,
        now=now,
    )
    return True


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(ZONE))
