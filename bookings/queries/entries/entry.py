"""One thing in My Calendar, and who looks at whose time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Account, Member
from availability.core.hours import midnight
from availability.core.intervals import moment

# what can be shown or left out: the kinds of entries, with free events and cancelled appointments apart
KINDS = ("appointment", "pending", "hold", "block", "item", "event", "free", "cancelled")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is drawn. ``title`` is empty for time of which the reader may only know that it is busy.

    ``whose``: the users whose time it is, of those looked at. ``page`` is the name of its page, for which ``uid``
    stands in the address; both are empty where the reader may not open it. ``account`` names the account where it is
    not the one the reader is in. ``sort`` tells own items apart (OwnItemKind), and "session" a class.

    ``source``: which an event came from. ``checked_in``: the account whose sources an appointment must not lie on; 0
    for one that may.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    whose: tuple[int, ...] = ()
    title: str = ""
    detail: str = ""
    sort: str = ""
    uid: UUID | None = None
    page: str = ""
    moves: bool = False
    is_free: bool = False
    is_cancelled: bool = False
    is_past: bool = False
    all_day: bool = False
    account: str = ""
    place: str = ""
    phone: str = ""
    people: tuple[str, ...] = ()
    expires_at: datetime | None = None
    source: int = 0
    checked_in: int = 0
    in_conflict: bool = False

    @property
    def filtered_as(self) -> str:
        """One of KINDS."""
        if self.is_cancelled:
            return "cancelled"
        return "free" if self.kind == "event" and self.is_free else self.kind


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at whose time, and at what of it.

    ``hosts`` are members of the reader's account; ``accounts`` all those the reader has a place in, by their ids, and
    ``managed`` the ids of those they manage. ``within`` are the ids of the accounts wanted, None for all there are;
    ``kinds`` of KINDS.
    """

    reader: Member
    hosts: tuple[Member, ...]
    accounts: Mapping[int, Account]
    managed: frozenset[int]
    zone: ZoneInfo
    within: frozenset[int] | None = None
    kinds: frozenset[str] = frozenset(KINDS)

    @property
    def users(self) -> tuple[int, ...]:
        return tuple(host.user_id for host in self.hosts)

    def span(self, first: date, last: date) -> tuple[datetime, datetime]:
        """From when until when entries may lie on the days from ``first`` to ``last``.

        A day more at either end: what lasts all day lies on the days of its own zone.
        """
        return moment(midnight(first - _DAY, self.zone)), moment(midnight(last + 2 * _DAY, self.zone))

    def zone_of(self, entry: Entry) -> ZoneInfo:
        """By which clock the entry is drawn: the reader's; for what lasts all day, that by which it begins at midnight.

        Of the clocks we know of: of the reader, of those looked at, of the accounts.
        """
        if not entry.all_day:
            return self.zone
        zones = (self.zone, *self._homes)
        return next((zone for zone in zones if entry.starts_at.astimezone(zone).time() == time()), self.zone)

    @property
    def _homes(self) -> Iterator[ZoneInfo]:
        for host in self.hosts:
            yield ZoneInfo(str(host.user.time_zone))
        for account in self.accounts.values():
            yield ZoneInfo(str(account.time_zone))

    def knows(self, whose: tuple[int, ...], account: int) -> bool:
        """Whether more than "Busy" may be said (P2): it is the reader's, or of an account they manage.

        Nothing is said any more of an account they have left.
        """
        return account in self.managed or (self.reader.user_id in whose and account in self.accounts)

    def wants(self, account: int) -> bool:
        return self.within is None or account in self.within

    def name_elsewhere(self, account: int) -> str:
        """The account's name where it is another than the reader is in."""
        return "" if account == self.reader.account_id else str(self.accounts[account].name)
