"""A month of equal distribution (T5, T6): a thousand bookings over five uneven hosts, one of them on holiday.

What each step must give is worked out beside it, by sets of starts and a count for each host.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from availability.models import Assignment
from availability.queries.slots import open_slots
from availability.services.release import release_time
from availability.services.reserve import SlotTaken, reserve_time
from availability.services.save_override import save_override
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
DECEMBER = [date(2026, 12, day) for day in range(1, 32)]
LENGTH = timedelta(minutes=20)
LEAD_CAP = 3
BOOKINGS = 1000
# weekdays, and from which hour to which
HOURS = (
    (range(6), 8, 20),
    (range(5), 9, 13),
    (range(2, 3), 10, 14),
    (range(7), 14, 18),
    (range(5), 9, 17),
)
ON_HOLIDAY = 4


@dataclass
class Host:
    """A host as the test sees them: the starts of their hours, those still open, and how many they were given."""

    key: int
    hours: frozenset[datetime]
    is_away: bool
    free: set[datetime] = field(default_factory=set)
    booked: int = 0

    def reasons(self, start: datetime, *, is_ahead: bool) -> list[str]:
        codes = ["ROUND_ROBIN_LEAD"] * is_ahead
        if start not in self.hours:
            codes.append("HOURS")
        elif self.is_away:
            codes.append("OVERRIDE")
        elif start not in self.free:
            codes.append("BOOKED")
        return sorted(codes)


class Month:
    """The calendar, its hosts in team order, and what was booked."""

    def __init__(self) -> None:
        self.calendar = CalendarFactory(
            type="round_robin",
            assignment_mode="equal",
            lead_cap=LEAD_CAP,
            duration=LENGTH,
            interval=LENGTH,
            horizon_days=40,
            members_changed_at=NOW - timedelta(days=1),
        )
        self.hosts = [self._host(position, *hours) for position, hours in enumerate(HOURS)]
        self.taken: dict[UUID, tuple[Host, datetime]] = {}

    def _host(self, position: int, weekdays: range, opens: int, closes: int) -> Host:
        member = MemberFactory(account=self.calendar.account)
        schedule = ScheduleFactory(member=member, hours=[(day, opens * 60, closes * 60) for day in weekdays])
        CalendarMemberFactory(calendar=self.calendar, member=member, position=position)
        is_away = position == ON_HOLIDAY
        if is_away:
            save_override(schedule, edition=1, days=(DECEMBER[0], DECEMBER[-1]), openings=())
        hours = frozenset(
            (datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)).astimezone(UTC)
            for day in DECEMBER
            if day.weekday() in weekdays
            for hour in range(opens, closes)
            for minute in range(0, 60, 20)
        )
        return Host(member.pk, hours, is_away, set() if is_away else set(hours))

    def ahead(self) -> set[int]:
        """The hosts that are too far ahead of the least booked one who can be booked."""
        least = min(host.booked for host in self.hosts if host.free)
        return {host.key for host in self.hosts if host.booked - least >= LEAD_CAP}

    def offered(self) -> dict[datetime, tuple[int, ...]]:
        ahead = self.ahead()
        found: dict[datetime, tuple[int, ...]] = {}
        for host in self.hosts:
            for start in host.free if host.key not in ahead else ():
                found[start] = (*found.get(start, ()), host.key)
        return found

    def book(self, start: datetime) -> None:
        """Book, and look whether it went to whom it should and the record says why."""
        ahead, uid = self.ahead(), uuid4()
        able = [host for host in self.hosts if start in host.free and host.key not in ahead]
        order = sorted(able, key=lambda host: host.booked)
        reserved = reserve_time(self.calendar, starts_at=start, uid=uid, now=NOW)

        assert reserved.member.pk == order[0].key
        record = Assignment.objects.get(uid=uid)
        assert (record.member_id, record.rule) == (order[0].key, _rule(order))
        considered, others = record.candidates[: len(order)], record.candidates[len(order) :]
        assert [(one["member"], one["booked"], one["reasons"]) for one in considered] == [
            (host.key, host.booked, []) for host in order
        ]
        assert [(one["member"], one["booked"], one["reasons"]) for one in others] == [
            (host.key, host.booked, host.reasons(start, is_ahead=host.key in ahead))
            for host in self.hosts
            if host not in order
        ]
        order[0].free.remove(start)
        order[0].booked += 1
        self.taken[uid] = (order[0], start)

    def cancel(self, uid: UUID) -> None:
        release_time(uid, now=NOW)
        host, start = self.taken.pop(uid)
        host.free.add(start)
        host.booked -= 1


def _rule(order: list[Host]) -> str:
    if len(order) == 1:
        return "only_one"
    return "team_order" if order[0].booked == order[1].booked else "least_booked"


def test_a_thousand_bookings_are_shared_equally_by_those_who_can_be_booked():
    month, chance = Month(), random.Random(20261201)

    for step in range(BOOKINGS):
        offered = month.offered()
        month.book(chance.choice(sorted(offered)))
        if step % 12 == 0:
            month.cancel(chance.choice(list(month.taken)))
        if step % 100 == 0:
            _looks_as_it_should(month, chance)

    shares = [host.booked for host in month.hosts]
    assert sum(shares) == BOOKINGS - len(range(0, BOOKINGS, 12))
    able = [host.booked for host in month.hosts if host.free]
    assert max(shares) - min(able) <= LEAD_CAP
    assert (shares[ON_HOLIDAY], shares[2]) == (0, len(month.hosts[2].hours))


def _looks_as_it_should(month: Month, chance: random.Random) -> None:
    """The page offers what is left for those who are not ahead; a start for none but them is refused."""
    offered = month.offered()
    first = datetime(2026, 12, 1, tzinfo=BERLIN)
    slots = open_slots(month.calendar, start=first, end=first + timedelta(days=31), now=NOW)
    assert {slot.starts_at: slot.hosts for slot in slots} == offered
    withheld = set().union(*(host.free for host in month.hosts)) - set(offered)
    if withheld:
        with pytest.raises(SlotTaken, match="ROUND_ROBIN_LEAD"):
            reserve_time(month.calendar, starts_at=chance.choice(sorted(withheld)), uid=uuid4(), now=NOW)
