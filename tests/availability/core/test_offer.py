"""What a whole calendar offers: random ones against sets of minutes, slot by slot, hosts and seats included."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from availability.core.clock import Full, Reach
from availability.core.intervals import Interval
from availability.core.offer import JOINT, Gathering, HostLive, Month, OpenStart, listed, offered
from availability.core.rules import HostTimes
from availability.core.slots import Taken

from .as_the_core_sees_it import as_the_core_sees_it
from .one_day import ADA, BOB, DAY, EVE, HOUR, NINE_TO_ELEVEN, live, slots
from .plain_calendars import Kind
from .slots_by_minutes import CalendarByMinutes
from .whole_calendars import on_whole_calendars, plain_calendars


@pytest.mark.parametrize("kind", Kind)
@on_whole_calendars
@given(st.data())
def test_a_calendar_offers_every_slot_that_no_minute_speaks_against_with_its_hosts_and_seats(kind, data):
    calendar = data.draw(plain_calendars(kind))

    found = as_the_core_sees_it(calendar).offered()

    assert [(start // 60, hosts, left) for start, hosts, left in found] == CalendarByMinutes(calendar).slots()


@pytest.mark.parametrize("kind", Kind)
@on_whole_calendars
@given(st.data())
def test_it_makes_no_difference_whether_starts_come_by_host_or_in_common(kind, data):
    core = as_the_core_sees_it(data.draw(plain_calendars(kind)))

    assert core.offered_from_common_starts() == core.offered()


@pytest.mark.parametrize("kind", Kind)
@on_whole_calendars
@given(st.data())
def test_who_need_not_know_the_hosts_is_given_the_same_starts_and_seats(kind, data):
    core = as_the_core_sees_it(data.draw(plain_calendars(kind)))

    found = listed(core.starts_by_host(), core.live, core.rules, core.span)

    assert list(found.starts) == [one.start for one in core.offered()]
    if core.live.seats is not None:
        assert list(found.seats_left) == [one.seats_left for one in core.offered()]


def test_more_than_half_of_the_random_calendars_have_something_on_offer():
    """Otherwise the comparisons with the reference would say little."""
    has_slots = []

    @settings(on_whole_calendars, max_examples=200, derandomize=True)
    @given(st.sampled_from(Kind).flatmap(plain_calendars))
    def look(calendar):
        has_slots.append(bool(as_the_core_sees_it(calendar).offered()))

    look()

    assert sum(has_slots) > len(has_slots) / 2 >= 100


FROM_NINE = {ADA: NINE_TO_ELEVEN, BOB: HostTimes(windows=((540, 720),)), EVE: HostTimes(windows=((600, 660),))}


def starts(found):
    return [slot.start for slot in found]


def hosts_at(found):
    return {slot.start: slot.hosts for slot in found}


def test_a_round_robin_offers_what_any_host_has_and_names_the_free_ones_in_team_order():
    """T3."""
    found = slots(live(EVE, ADA, BOB), FROM_NINE)

    assert hosts_at(found) == {540: (ADA, BOB), 600: (EVE, ADA, BOB), 660: (BOB,)}


def test_a_collective_offers_what_all_hosts_have():
    """T8."""
    found = slots(live(EVE, ADA, BOB, gathering=Gathering.ALL), FROM_NINE)

    assert hosts_at(found) == {600: (EVE, ADA, BOB)}


def test_common_starts_of_a_collective_lose_what_is_held_at_any_host():
    """T8: stored together, held one by one."""
    hosts = {ADA: HostLive(held=(Taken(545, 550),)), BOB: HostLive(held=(Taken(720, 730, 60, 0),))}

    found = offered({JOINT: (540, 600, 660)}, live(hosts=hosts, gathering=Gathering.ALL), HOUR, DAY)

    assert starts(found) == [600]


def test_a_fixed_host_must_be_free_as_well_and_is_not_among_those_to_choose_from():
    """T7."""
    hosts = {ADA: HostLive(), EVE: HostLive(is_needed=True), BOB: HostLive()}

    assert hosts_at(slots(live(hosts=hosts), FROM_NINE)) == {600: (ADA, BOB)}


@pytest.mark.parametrize("gathering", Gathering)
def test_nothing_is_on_offer_while_a_needed_host_is_away(gathering):
    hosts = {ADA: HostLive(), BOB: HostLive(is_needed=True, is_away=True)}

    assert slots(live(hosts=hosts, gathering=gathering), FROM_NINE) == ()


@pytest.mark.parametrize("gathering", Gathering)
def test_a_calendar_without_hosts_offers_nothing(gathering):
    assert slots(live(gathering=gathering), {}) == ()


def test_fixed_hosts_alone_offer_nothing():
    """T7: there is nobody to choose."""
    assert slots(live(hosts={ADA: HostLive(is_needed=True)}), FROM_NINE) == ()


@pytest.mark.parametrize(
    ("named", "hosts"),
    [
        (EVE, {600: (EVE,)}),
        (BOB, {540: (ADA,), 600: (ADA, EVE), 660: ()}),
        (99, {}),
    ],
)
def test_whoever_the_customer_names_is_the_only_one_on_offer_unless_they_take_part_anyway(named, hosts):
    """T5, T9."""
    team = {ADA: HostLive(), BOB: HostLive(is_needed=True), EVE: HostLive()}

    assert hosts_at(slots(live(hosts=team, named=named), FROM_NINE)) == {at: keys for at, keys in hosts.items() if keys}


@pytest.mark.parametrize(
    ("read_anew", "left"),
    [
        ({"is_open": False}, []),
        ({"reach": Reach(now=541, earliest=541, first=0, latest=9999)}, [600, 660]),
        ({"reach": Reach(now=0, earliest=600, first=0, latest=9999)}, [600, 660]),
        ({"reach": Reach(now=0, earliest=0, first=600, latest=660)}, [600]),
        ({"full": Full(days=(DAY,))}, []),
        ({"full": Full(weeks=(Interval(600, 601),))}, [540, 660]),
        ({"hosts": {BOB: HostLive(stale="feed")}}, []),
        ({"hosts": {BOB: HostLive(full=Full(days=(Interval(0, 600),)))}}, [600, 660]),
        ({"hosts": {BOB: HostLive(held=(Taken(600, 605),))}}, [540, 660]),
        ({"hosts": {BOB: HostLive(held=(Taken(600, 605, 1, 56),))}}, []),
    ],
)
def test_what_moves_with_the_clock_takes_starts_away(read_anew, left):
    """A6, B4, Y15."""
    assert starts(slots(live(BOB, **read_anew) if "hosts" not in read_anew else live(**read_anew), FROM_NINE)) == left


def test_seats_left_are_those_of_the_session_or_of_a_new_one():
    """T2."""
    taken = tuple(Taken(start, start + 60, joins=True) for start in (540, 600))
    times = {ADA: HostTimes(windows=((540, 720),), taken=taken)}

    found = slots(live(hosts={ADA: HostLive(seats_left={540: 0, 600: 2})}, seats=5), times)

    assert found == (OpenStart(600, (ADA,), 2), OpenStart(660, (ADA,), 5))


def test_a_session_that_others_joined_stays_on_offer_when_the_day_is_full():
    """T2, A6."""
    times = {ADA: HostTimes(windows=((540, 660),), taken=(Taken(600, 660, joins=True),))}
    host = HostLive(seats_left={600: 1}, full=Full(days=(DAY,)))

    assert starts(slots(live(hosts={ADA: host}, seats=5, full=Full(days=(DAY,))), times)) == [600]


THIS_MONTH, NEXT_MONTH = Interval(0, 1440), Interval(1440, 2880)
BOTH_MONTHS = Interval(0, 2880)


@pytest.mark.parametrize(("of_ada", "hosts"), [(3, (ADA, BOB)), (4, (BOB,)), (5, (BOB,))])
def test_who_is_three_bookings_ahead_is_not_offered(of_ada, hosts):
    """T5."""
    months = (Month(THIS_MONTH, {ADA: of_ada, BOB: 1}),)

    assert hosts_at(slots(live(ADA, BOB, months=months), FROM_NINE))[540] == hosts


def test_who_has_no_booking_yet_counts_as_none():
    """T5."""
    months = (Month(THIS_MONTH, {ADA: 3}),)

    assert hosts_at(slots(live(ADA, BOB, months=months), FROM_NINE))[540] == (BOB,)


@pytest.mark.parametrize(
    "eve",
    [
        {"times": HostTimes()},
        {"live": HostLive(stale="feed")},
        {"live": HostLive(full=Full(days=(DAY,)))},
        {"live": HostLive(held=(Taken(600, 660),))},
    ],
)
def test_nobody_waits_for_a_host_who_cannot_be_booked_in_that_month(eve):
    """T5: somebody on holiday does not stop the others."""
    months = (Month(THIS_MONTH, {ADA: 9, BOB: 9}),)
    hosts = {ADA: HostLive(), BOB: HostLive(), EVE: eve.get("live", HostLive())}

    found = slots(live(hosts=hosts, months=months), FROM_NINE | {EVE: eve.get("times", FROM_NINE[EVE])})

    assert hosts_at(found) == {540: (ADA, BOB), 600: (ADA, BOB), 660: (BOB,)}


def test_a_candidate_that_is_past_or_out_of_the_date_range_is_nothing_to_wait_for():
    """T5."""
    months = (Month(THIS_MONTH, {ADA: 9, BOB: 9}),)
    reach = Reach(now=601, earliest=601, first=0, latest=9999)

    assert hosts_at(slots(live(ADA, BOB, EVE, months=months, reach=reach), FROM_NINE)) == {660: (BOB,)}


def test_each_month_has_counts_of_its_own():
    """T5."""
    times = {key: HostTimes(windows=((540, 600), (1980, 2040))) for key in (ADA, BOB)}
    months = (Month(THIS_MONTH, {ADA: 3}), Month(NEXT_MONTH, {BOB: 3}))

    found = slots(live(ADA, BOB, months=months), times, span=BOTH_MONTHS)

    assert hosts_at(found) == {540: (BOB,), 1980: (ADA,)}


def test_an_open_candidate_anywhere_in_the_month_counts_not_only_in_the_days_that_are_shown():
    """T5: what a page shows of a month does not change who is too far ahead."""
    month = Interval(0, 10_000)
    times = {ADA: NINE_TO_ELEVEN, BOB: HostTimes(windows=((9000, 9060),))}
    all_starts = {key: each.open_starts(HOUR, month) for key, each in times.items()}

    found = offered(all_starts, live(ADA, BOB, months=(Month(month, {ADA: 3}),)), HOUR, DAY)

    assert found == ()


def test_a_customer_who_names_a_fixed_host_waits_for_nobody_either():
    """T5, T7: who names a member bypasses the cap, whoever else is chosen."""
    team = {ADA: HostLive(), BOB: HostLive(), EVE: HostLive(is_needed=True)}
    months = (Month(THIS_MONTH, {ADA: 99}),)

    assert hosts_at(slots(live(hosts=team, months=months), FROM_NINE)) == {600: (BOB,)}
    assert hosts_at(slots(live(hosts=team, months=months, named=EVE), FROM_NINE)) == {600: (ADA, BOB)}


def test_a_customer_who_names_somebody_gets_them_however_far_ahead():
    """T5."""
    months = (Month(THIS_MONTH, {ADA: 99}),)

    assert hosts_at(slots(live(ADA, BOB, months=months, named=ADA), FROM_NINE)) == {540: (ADA,), 600: (ADA,)}
