"""The clocks of those looked at, where they show another time than the reader's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bookings.core.week import hours_elsewhere
from bookings.queries.entries import Looking


@dataclass(frozen=True, slots=True)
class OtherClock:
    """``whose``: names of the hosts and the account that live by it. ``day``: on which it was compared."""

    zone: ZoneInfo
    whose: tuple[str, ...]
    day: date
    reader: ZoneInfo

    def hours(self, minutes: Sequence[int]) -> list[str]:
        return hours_elsewhere(minutes, self.day, self.reader, self.zone)


def other_clocks(looking: Looking, day: date) -> list[OtherClock]:
    """Of the hosts and of the reader's account, at noon of ``day``; no query."""
    noon = datetime.combine(day, time(12), tzinfo=looking.zone)
    account = looking.reader.account
    named = [(str(host.user.time_zone), host.user.name) for host in looking.hosts if host != looking.reader]
    by_zone: dict[str, list[str]] = {}
    for key, name in (*named, (str(account.time_zone), account.name)):
        if noon.astimezone(ZoneInfo(key)).utcoffset() != noon.utcoffset():
            by_zone.setdefault(key, []).append(name)
    return [OtherClock(ZoneInfo(key), tuple(whose), day, looking.zone) for key, whose in by_zone.items()]
