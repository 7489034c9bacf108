"""Every candidate with all its reasons: random calendars against one question for each code, and each code by name."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.clock import Full, Reach
from availability.core.explain import explain
from availability.core.hours import Shut
from availability.core.intervals import Interval
from availability.core.offer import Gathering, HostLive, Month
from availability.core.rules import HostTimes, Reason, ReasonCode
from availability.core.slots import Busy, Closed, Taken

from .as_the_core_sees_it import as_the_core_sees_it
from .one_day import ADA, BOB, DAY, HOUR, NINE_TO_ELEVEN, judged, live
from .plain_calendars import Kind
from .reasons_by_minutes import Because, ReasonsByMinutes
from .whole_calendars import on_whole_calendars, plain_calendars


def reasons_of(verdict):
    """Where each reason lies, its code and its source."""
    of_the_calendar = (Because(reason.code, None, reason.source) for reason in verdict.reasons)
    at_hosts = (Because(one.code, key, one.source) for key, reasons in verdict.hosts.items() for one in reasons)
    return Counter(chain(of_the_calendar, at_hosts))


@pytest.mark.parametrize("kind", Kind)
@on_whole_calendars
@given(st.data())
def test_every_candidate_has_the_reasons_that_minutes_speak_for_and_no_other(kind, data):
    calendar = data.draw(plain_calendars(kind))
    asked = ReasonsByMinutes(calendar)

    verdicts = as_the_core_sees_it(calendar).explain()

    assert [verdict.start // 60 for verdict in verdicts] == asked.candidates()
    for verdict in verdicts:
        start = verdict.start // 60
        assert reasons_of(verdict) == Counter(asked.against(start))
        assert list(verdict.hosts) == [of.host.key for of in asked.hosts()], "in team order"
        assert verdict.is_open == asked.is_open(start)


@pytest.mark.parametrize("kind", Kind)
@on_whole_calendars
@given(st.data())
def test_on_offer_are_exactly_the_candidates_that_nothing_forbids(kind, data):
    core = as_the_core_sees_it(data.draw(plain_calendars(kind)))

    verdicts = core.explain()

    assert [slot.start for slot in core.offered()] == [verdict.start for verdict in verdicts if verdict.is_open]
    for verdict in verdicts:
        assert (verdict.against() == ()) == verdict.is_open


MONDAY = date(2031, 3, 31)
TEN = Interval(600, 660)


def of_ada(**changes):
    return HostTimes(**{"windows": ((540, 660),)} | changes)


def ada_live(**changes):
    return live(hosts={ADA: HostLive(**changes)})


# code, what is known of the time of the one host Ada, what is read anew, where the reason lies, its source and interval
ONE_REASON = [
    ("PAST", of_ada(), live(ADA, reach=Reach(601, 601, 0, 9999)), None, None, None),
    ("NOTICE", of_ada(), live(ADA, reach=Reach(599, 601, 0, 9999)), None, None, None),
    ("HORIZON", of_ada(), live(ADA, reach=Reach(0, 0, 0, 600)), None, None, None),
    ("HOURS", of_ada(windows=((540, 600),)), live(ADA), ADA, None, None),
    ("OVERRIDE", of_ada(windows=(), shut=(Shut(540, 660, MONDAY),)), live(ADA), ADA, MONDAY, Interval(540, 660)),
    (
        "HOLIDAY",
        of_ada(windows=(), shut=(Shut(540, 660, MONDAY, "Easter"),)),
        live(ADA),
        ADA,
        "Easter",
        Interval(540, 660),
    ),
    ("CLOSED", of_ada(closed=(Closed(630, 9000, "inventory"),)), live(ADA), ADA, "inventory", Interval(630, 9000)),
    ("DURATION", of_ada(windows=((540, 650),)), live(ADA), ADA, None, Interval(540, 650)),
    ("BOOKED", of_ada(taken=(Taken(630, 690, key="cut"),)), live(ADA), ADA, "cut", Interval(630, 690)),
    ("EVENT", of_ada(busy=(Busy(630, 690, "dentist"),)), live(ADA), ADA, "dentist", Interval(630, 690)),
    ("BLOCKED", of_ada(busy=(Busy(630, 690, "lunch", own=True),)), live(ADA), ADA, "lunch", Interval(630, 690)),
    ("BUFFER", of_ada(taken=(Taken(660, 690, 5, 0, "cut"),)), live(ADA), ADA, "cut", Interval(660, 690)),
    ("DAY_LIMIT", of_ada(), live(ADA, full=Full(days=(DAY,))), None, None, DAY),
    ("WEEK_LIMIT", of_ada(), live(ADA, full=Full(weeks=(Interval(0, 10_080),))), None, None, Interval(0, 10_080)),
    ("HOST_LIMIT", of_ada(), ada_live(full=Full(days=(DAY,))), ADA, None, DAY),
    ("SEATS", of_ada(), ada_live(seats_left={600: 0}), ADA, None, TEN),
    ("NO_HOST", of_ada(), live(), None, None, None),
    ("INACTIVE", of_ada(), live(ADA, is_open=False), None, None, None),
    ("STALE", of_ada(), ada_live(stale="holiday feed"), ADA, "holiday feed", None),
    ("HELD", of_ada(), ada_live(held=(Taken(630, 690, key="hold"),)), ADA, "hold", Interval(630, 690)),
]


@pytest.mark.parametrize(("code", "times", "read_anew", "host", "source", "interval"), ONE_REASON)
def test_a_start_that_one_thing_forbids_has_its_code_and_no_other(code, times, read_anew, host, source, interval):
    """A10: each code by name, where it lies, what is behind it and when."""
    verdict = judged(600, read_anew, {ADA: times})

    reason = Reason(ReasonCode[code], source, interval)
    assert verdict.reasons == ((reason,) if host is None else ())
    assert verdict.hosts == ({ADA: (reason,) if host == ADA else ()} if read_anew.hosts else {})
    assert not verdict.is_open


def test_a_host_too_far_ahead_in_a_month_is_round_robin_lead():
    """A10: ROUND_ROBIN_LEAD; T5."""
    months = (Month(Interval(0, 44_640), {ADA: 4, BOB: 1}),)
    times = {ADA: NINE_TO_ELEVEN, BOB: HostTimes(windows=((540, 600),))}

    ahead, alone_ahead = (judged(start, live(ADA, BOB, months=months), times) for start in (540, 600))

    lead = Reason(ReasonCode.ROUND_ROBIN_LEAD, ADA)
    assert (ahead.is_open, ahead.hosts) == (True, {ADA: (lead,), BOB: ()})
    assert (alone_ahead.is_open, alone_ahead.hosts[ADA]) == (False, (lead,))


@pytest.mark.parametrize(
    "team",
    [
        {"gathering": Gathering.ALL, "hosts": {ADA: HostLive(), BOB: HostLive()}},
        {"hosts": {ADA: HostLive(), BOB: HostLive(is_needed=True)}},
    ],
)
def test_a_host_who_is_needed_and_not_free_is_named_at_the_calendar(team):
    """A10: COLLECTIVE; T7, T8."""
    event = (Busy(630, 640, "dentist"),)

    verdict = judged(600, live(**team), {ADA: NINE_TO_ELEVEN, BOB: of_ada(busy=event)})

    assert verdict.reasons == (Reason(ReasonCode.COLLECTIVE, BOB),)
    assert verdict.hosts == {ADA: (), BOB: (Reason(ReasonCode.EVENT, "dentist", Interval(630, 640)),)}
    assert not verdict.is_open


def test_every_code_is_produced_by_a_test_that_names_it():
    """A10. LOOK_BUSY forbids nothing; it is asked for by itself, in ``test_look_busy``."""
    named = {code for code, *_ in ONE_REASON} | {"ROUND_ROBIN_LEAD", "COLLECTIVE", "LOOK_BUSY"}

    assert named == {code.value for code in ReasonCode}


def test_all_reasons_are_given_at_once_those_of_the_calendar_and_those_of_each_host():
    full_day, held = Full(days=(DAY,)), (Taken(600, 660, key="hold"),)
    hosts = {ADA: HostLive(held=held, full=full_day), BOB: HostLive(stale="feed")}
    read_anew = live(hosts=hosts, reach=Reach(700, 800, 900, 9999), full=full_day, is_open=False)

    verdict = judged(600, read_anew, {ADA: NINE_TO_ELEVEN, BOB: of_ada(windows=())})

    assert [reason.code.value for reason in verdict.reasons] == ["INACTIVE", "PAST", "HORIZON", "DAY_LIMIT"]
    assert {key: [one.code.value for one in reasons] for key, reasons in verdict.hosts.items()} == {
        ADA: ["HELD", "HOST_LIMIT"],
        BOB: ["HOURS", "STALE"],
    }
    assert verdict.against() == (*verdict.reasons, *verdict.hosts[ADA], *verdict.hosts[BOB])


def test_one_host_without_reasons_is_enough_in_a_round_robin():
    """T3."""
    verdict = judged(600, live(ADA, BOB), {ADA: of_ada(windows=()), BOB: NINE_TO_ELEVEN})

    assert verdict.hosts[ADA] == (Reason(ReasonCode.HOURS),)
    assert (verdict.is_open, verdict.against()) == (True, ())


def test_of_those_one_of_whom_is_enough_only_the_one_asked_for_is_judged():
    """T5, T9."""
    verdict = judged(600, live(ADA, BOB, named=BOB), {ADA: of_ada(windows=()), BOB: NINE_TO_ELEVEN})

    assert verdict.hosts == {BOB: ()}


@pytest.mark.parametrize(("left", "code"), [(0, ["SEATS"]), (1, [])])
def test_limits_do_not_count_for_who_joins_a_session(left, code):
    """T2, A6: the session counts from its first seat on."""
    host = HostLive(seats_left={600: left}, full=Full(days=(DAY,)))
    session = of_ada(taken=(Taken(600, 660, joins=True),))

    verdict = judged(600, live(hosts={ADA: host}, full=Full(days=(DAY,))), {ADA: session})

    assert [reason.code.value for reason in verdict.against()] == code


def test_candidates_are_the_points_of_all_grids_also_of_hours_that_were_replaced():
    times = {ADA: of_ada(windows=((540, 690),)), BOB: of_ada(windows=(), shut=(Shut(570, 630, MONDAY),))}

    verdicts = explain(times, live(ADA, BOB), HOUR, DAY, also=(601,))

    assert [verdict.start for verdict in verdicts] == [540, 570, 600, 601, 660]


def test_a_start_is_judged_once_even_if_it_is_asked_for_and_a_candidate():
    verdicts = explain({ADA: NINE_TO_ELEVEN}, live(ADA), HOUR, DAY, also=(600, 600))

    assert [verdict.start for verdict in verdicts] == [540, 600]
