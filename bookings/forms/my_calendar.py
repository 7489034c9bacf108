"""What somebody asks My Calendar for: which view, which days, whose, what of it; and the way from there to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from accounts.models import Account, Member
from bookings.core.five_weeks import monday
from bookings.core.week import months_later
from bookings.forms.appointment import day_if_any
from bookings.queries.entries import KINDS

MOST_HOSTS = 6
# far enough from both ends of the calendar that there are always days before and after
_FIRST, _LAST = date(1971, 1, 1), date(8999, 12, 31)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_FOUR_WEEKS = timedelta(weeks=4)


class View(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    AGENDA = "agenda"


@dataclass(frozen=True, slots=True)
class Asked:
    """``hosts``, ``accounts`` and ``kinds`` are names as the address has them; empty for the usual: oneself, all, all.

    ``day`` is any of the days shown.
    """

    account: str
    view: View
    day: date
    hosts: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def query(self, *, view: str = "", day: date | None = None, host: str = "") -> str:
        """The address of another view, day or host, with everything else as it is."""
        hosts = (host,) if host else self.hosts
        pairs = [("view", view or self.view), ("day", (day or self.day).isoformat()), ("account", self.account)]
        pairs += [("host", slug) for slug in hosts]
        pairs += [("in", slug) for slug in self.accounts]
        pairs += [("kind", kind) for kind in self.kinds]
        return f"?{urlencode(pairs)}"

    @property
    def first(self) -> date:
        """The first day shown; of a month its first."""
        if self.view == View.WEEK:
            return monday(self.day)
        return self.day.replace(day=1) if self.view == View.MONTH else self.day

    @property
    def before(self) -> "Asked":
        return replace(self, day=months_later(self.day, -1) if self.view == View.MONTH else self.first - self._step)

    @property
    def after(self) -> "Asked":
        return replace(self, day=months_later(self.day, 1) if self.view == View.MONTH else self.first + self._step)

    @property
    def _step(self) -> timedelta:
        return {View.DAY: _DAY, View.WEEK: _WEEK}.get(self.view, _FOUR_WEEKS)


def view_if_any(text: str) -> View | None:
    return View(text) if text in list(View) else None


def day_within_reach(text: str) -> date | None:
    day = day_if_any(text)
    return day and min(max(day, _FIRST), _LAST)


def known_kinds(texts: Iterable[str]) -> tuple[str, ...]:
    """In our order; nothing where all are asked for, or none we know."""
    kinds = tuple(kind for kind in KINDS if kind in set(texts))
    return () if kinds == KINDS else kinds


def known_accounts(texts: Iterable[str], accounts: Sequence[Account]) -> tuple[str, ...]:
    slugs = tuple(account.slug for account in accounts if account.slug in set(texts))
    return () if len(slugs) == len(accounts) else slugs


def named_hosts(texts: Sequence[str], reader: Member, colleagues: Sequence[Member]) -> list[Member] | None:
    """The members named, the reader by default; None if somebody is not there for them to see."""
    by_slug = {member.slug: member for member in (*colleagues, reader)}
    if not texts:
        return [reader]
    if any(slug not in by_slug for slug in texts):
        return None
    return [by_slug[slug] for slug in dict.fromkeys(texts)]
