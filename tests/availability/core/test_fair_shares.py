"""A thousand customers and five hosts with uneven hours, one of them on holiday all month (T4–T6)."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from availability.core.assignment import Candidate, Choice, DecidingRule, Mode, choose
from availability.core.clock import Reach, months_of
from availability.core.hours import DayHours, WeekHours, day_span, days_of, plan
from availability.core.offer import HostLive, Live, Month, offered
from availability.core.rules import HostTimes
from availability.core.slots import SlotRules, Taken

BERLIN = ZoneInfo("Europe/Berlin")
(APRIL,) = months_of(day_span(date(2031, 4, 1), BERLIN), BERLIN)
QUARTERS = SlotRules(duration=900, interval=900)
ALL_DAYS_OF_APRIL = tuple((date(2031, 4, 1) + timedelta(days=count), ()) for count in range(-1, 31))
ADA, BOB, EVE, KIM, MAX = TEAM = (50, 20, 40, 10, 30)
CAP = 3


def weekly(days: range, opens: int, closes: int, overrides: tuple = ()) -> WeekHours:
    return WeekHours(tuple(DayHours(day, opens * 60, closes * 60) for day in days), BERLIN, overrides)


HOURS = {
    ADA: weekly(range(5), 8, 18),
    BOB: weekly(range(3), 9, 13),
    EVE: weekly(range(4, 5), 9, 12),
    KIM: weekly(range(5), 12, 20),
    MAX: weekly(range(5), 9, 17, ALL_DAYS_OF_APRIL),
}
PRIORITIES = {ADA: 1, BOB: 2, EVE: 2, KIM: 1, MAX: 3}


class Booking(NamedTuple):
    """A booking, whether its customer named the host, the counts before it, and who could have been booked at all."""

    choice: Choice
    is_named: bool
    counts: dict[int, int]
    able: frozenset[int]


class Office:
    """Books whatever the core offers, as chance has it, and keeps count."""

    def __init__(self, mode: Mode, *, seed: int, share_of_named: float = 0.0) -> None:
        self.mode, self.share_of_named = mode, share_of_named
        self.chance = random.Random(seed)
        self.counts: Counter[int] = Counter()
        self.last_booked: dict[int, int] = {}
        self.windows = {key: plan(hours, APRIL, QUARTERS.duration).windows for key, hours in HOURS.items()}
        self.taken: dict[int, list[Taken]] = {key: [] for key in TEAM}
        self.starts = {key: self._starts_of(key) for key in TEAM}

    def bookings(self, number: int) -> Iterator[Booking]:
        for at in range(number):
            before, able = dict(self.counts), frozenset(key for key, starts in self.starts.items() if starts)
            named = self._named(able)
            slot = self.chance.choice(self._slots_of_a_day(named))
            choice = choose((self._candidate(key) for key in slot.hosts), self.mode)
            self._book(choice.chosen.key, slot.start, at)
            yield Booking(choice, named is not None, before, able)

    def _slots_of_a_day(self, named: int | None):
        """What the customer sees of a day on which there is something."""
        live = self._live(named)
        days = self.chance.sample(days_of(APRIL, BERLIN), 30)
        found = (offered(self.starts, live, QUARTERS, day_span(day, BERLIN)) for day in days)
        return next(slots for slots in found if slots)

    def _named(self, able: frozenset[int]) -> int | None:
        return self.chance.choice(sorted(able)) if self.chance.random() < self.share_of_named else None

    def _live(self, named: int | None) -> Live:
        months = (Month(APRIL, dict(self.counts)),) if self.mode is Mode.EQUAL else ()
        reach = Reach(now=APRIL.start, earliest=APRIL.start, first=APRIL.start, latest=APRIL.end)
        return Live(reach=reach, hosts=dict.fromkeys(TEAM, HostLive()), months=months, lead_cap=CAP, named=named)

    def _candidate(self, key: int) -> Candidate:
        return Candidate(key, PRIORITIES[key], self.last_booked.get(key), self.counts[key])

    def _book(self, key: int, start: int, at: int) -> None:
        self.counts[key] += 1
        self.last_booked[key] = at
        self.taken[key].append(Taken(start, start + QUARTERS.duration))
        self.starts[key] = self._starts_of(key)

    def _starts_of(self, key: int) -> tuple[int, ...]:
        times = HostTimes(windows=self.windows[key], taken=tuple(self.taken[key]))
        return times.open_starts(QUARTERS, APRIL)


def of(counts, hosts):
    return [counts.get(key, 0) for key in hosts]


@pytest.mark.parametrize("seed", [1, 2])
def test_with_equal_distribution_nobody_who_can_be_booked_is_ever_more_than_the_cap_ahead(seed):
    """T5; that somebody is on offer every time shows that nobody dries up."""
    office = Office(Mode.EQUAL, seed=seed)
    places = {key: len(starts) for key, starts in office.starts.items()}

    for booking in office.bookings(1000):
        counts, able, chosen = booking.counts, booking.able, booking.choice.chosen
        assert chosen.key in able
        assert counts.get(chosen.key, 0) - min(of(counts, able)) < CAP
        assert max(of(counts, able)) - min(of(counts, able)) <= CAP
        assert MAX not in able

    assert office.counts.total() == 1000
    assert office.counts[MAX] == 0
    assert office.counts[EVE] == places[EVE], "the others went on when her three hours a week were gone"
    assert office.counts[BOB] == places[BOB]
    assert abs(office.counts[ADA] - office.counts[KIM]) <= CAP


def test_the_record_of_each_booking_names_the_counts_and_the_rule_that_decided():
    """T6."""
    rules = Counter()

    for booking in Office(Mode.EQUAL, seed=3).bookings(1000):
        first, *others = booking.choice.considered
        rules[booking.choice.rule] += 1
        assert first == booking.choice.chosen
        assert [one.booked for one in (first, *others)] == of(booking.counts, [one.key for one in (first, *others)])
        assert booking.choice.rule is expected_rule(first, others)

    assert set(rules) == {DecidingRule.ONLY_ONE, DecidingRule.LEAST_BOOKED, DecidingRule.TEAM_ORDER}


def expected_rule(first, others):
    if not others:
        return DecidingRule.ONLY_ONE
    least = min(one.booked for one in others)
    assert first.booked <= least
    if first.booked < least:
        return DecidingRule.LEAST_BOOKED
    assert all(TEAM.index(first.key) < TEAM.index(one.key) for one in others if one.booked == first.booked)
    return DecidingRule.TEAM_ORDER


def test_customers_who_name_a_host_get_them_and_the_others_still_catch_up():
    """T5: bookings with a name count, and the cap does not stop them."""
    named = 0

    for booking in Office(Mode.EQUAL, seed=4, share_of_named=0.2).bookings(1000):
        ahead = booking.counts.get(booking.choice.chosen.key, 0) - min(of(booking.counts, booking.able))
        named += booking.is_named and ahead >= CAP
        assert booking.is_named or ahead < CAP

    assert named > 0


def test_with_availability_the_highest_priority_goes_first_and_equals_take_turns():
    """T4."""
    last: dict[int, int] = {}

    for number, booking in enumerate(Office(Mode.AVAILABILITY, seed=5).bookings(1000)):
        chosen, considered = booking.choice.chosen, booking.choice.considered
        assert chosen.priority == max(one.priority for one in considered)
        equals = [one.key for one in considered if one.priority == chosen.priority]
        assert last.get(chosen.key, -1) == min(last.get(key, -1) for key in equals)
        last[chosen.key] = number

    assert set(last) == {ADA, BOB, EVE, KIM}
