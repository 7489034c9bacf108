"""Round robin, mode availability: who is chosen, and which rule decided (T4, T6)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.assignment import Candidate, DecidingRule, NobodyToChoose, choose, order_candidates

candidates = st.builds(Candidate, st.integers(), st.integers(0, 2), st.one_of(st.none(), st.integers(-2, 3)))


def test_the_only_one_who_is_free_is_chosen():
    ada = Candidate("ada", priority=0, last_booked_at=10)

    choice = choose([ada])

    assert (choice.chosen, choice.rule, choice.considered) == (ada, DecidingRule.ONLY_ONE, (ada,))


def test_the_highest_priority_goes_first_however_recently_booked():
    ada, bob = Candidate("ada", 1), Candidate("bob", 2, last_booked_at=99)

    choice = choose([ada, bob])

    assert (choice.chosen, choice.rule) == (bob, DecidingRule.PRIORITY)


def test_among_equal_priorities_the_least_recently_booked_goes_first():
    ada, bob = Candidate("ada", 1, last_booked_at=20), Candidate("bob", 1, last_booked_at=10)

    choice = choose([ada, bob])

    assert (choice.chosen, choice.rule) == (bob, DecidingRule.LEAST_RECENT)


@pytest.mark.parametrize("last_booked_at", [0, -5, 10])
def test_who_was_never_booked_goes_before_everybody_who_was(last_booked_at):
    ada, bob = Candidate("ada", 1, last_booked_at), Candidate("bob", 1)

    choice = choose([ada, bob])

    assert (choice.chosen, choice.rule) == (bob, DecidingRule.LEAST_RECENT)


def test_a_tie_is_decided_by_team_order():
    ada, bob = Candidate("ada", 1, last_booked_at=10), Candidate("bob", 1, last_booked_at=10)

    assert (choose([ada, bob]).chosen, choose([bob, ada]).chosen) == (ada, bob)
    assert choose([ada, bob]).rule is DecidingRule.TEAM_ORDER


def test_the_rule_is_the_one_between_the_first_and_the_next_not_the_last():
    ada, bob, eve = Candidate("ada", 2, 10), Candidate("bob", 2, 20), Candidate("eve", 0)

    choice = choose([eve, bob, ada])

    assert choice.considered == (ada, bob, eve)
    assert choice.rule is DecidingRule.LEAST_RECENT


def test_the_rules_are_recorded_as_text():
    assert [str(rule) for rule in DecidingRule] == ["only_one", "priority", "least_recent", "team_order"]


def test_nobody_can_be_chosen_from_nobody():
    with pytest.raises(NobodyToChoose):
        choose([])


@given(st.lists(candidates, max_size=6))
def test_nobody_stands_behind_somebody_they_are_preferred_to(some):
    ordered = order_candidates(some)

    assert sorted(ordered, key=id) == sorted(some, key=id)
    for first, second in pairwise(ordered):
        assert first.priority >= second.priority
        if first.priority == second.priority and first.last_booked_at is not None:
            assert second.last_booked_at is not None
            assert first.last_booked_at <= second.last_booked_at
