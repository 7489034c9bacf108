"""Round robin: who is chosen in both modes, and which rule decided (T4–T6)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.assignment import Candidate, DecidingRule, Mode, NobodyToChoose, choose

candidates = st.builds(
    Candidate, st.integers(), st.integers(0, 2), st.one_of(st.none(), st.integers(-2, 3)), st.integers(0, 3)
)
teams = st.lists(candidates, min_size=1, max_size=6, unique_by=lambda one: one.key)


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


def test_equal_distribution_takes_the_least_booked_whatever_their_priority():
    """T5."""
    ada, bob = Candidate("ada", 2, None, booked=4), Candidate("bob", 0, 99, booked=3)

    choice = choose([ada, bob], Mode.EQUAL)

    assert (choice.chosen, choice.rule, choice.considered) == (bob, DecidingRule.LEAST_BOOKED, (bob, ada))


def test_equal_distribution_decides_a_tie_by_team_order_alone():
    """T5."""
    ada, bob = Candidate("ada", 0, 99, booked=3), Candidate("bob", 2, None, booked=3)

    assert (choose([ada, bob], Mode.EQUAL).chosen, choose([bob, ada], Mode.EQUAL).chosen) == (ada, bob)
    assert choose([ada, bob], Mode.EQUAL).rule is DecidingRule.TEAM_ORDER


def test_availability_does_not_count_bookings():
    """T4."""
    ada, bob = Candidate("ada", 1, 10, booked=9), Candidate("bob", 1, 20, booked=0)

    assert choose([bob, ada], Mode.AVAILABILITY).chosen == ada


@pytest.mark.parametrize("mode", Mode)
def test_the_host_to_be_kept_goes_first_and_the_others_follow_in_their_order(mode):
    """T7."""
    ada, bob, eve = Candidate("ada", 2, None, 0), Candidate("bob", 0, 99, 9), Candidate("eve", 1, 50, 5)

    choice = choose([eve, ada, bob], mode, prefer="bob")

    assert (choice.chosen, choice.rule, choice.considered) == (bob, DecidingRule.KEPT, (bob, ada, eve))


@pytest.mark.parametrize("mode", Mode)
def test_a_host_to_be_kept_who_is_not_free_changes_nothing(mode):
    """T7."""
    team = [Candidate("ada", 1, 10, 1), Candidate("bob", 1, 20, 2)]

    assert choose(team, mode, prefer="eve") == choose(team, mode)


def test_the_rules_are_recorded_as_text():
    recorded = "only_one named kept everybody priority least_recent least_booked team_order overbooked"

    assert [str(rule) for rule in DecidingRule] == recorded.split()


@pytest.mark.parametrize("mode", Mode)
def test_nobody_can_be_chosen_from_nobody(mode):
    with pytest.raises(NobodyToChoose):
        choose([], mode, prefer="ada")


@given(teams)
def test_nobody_stands_behind_somebody_they_are_preferred_to(team):
    ordered = choose(team).considered

    assert sorted(ordered, key=id) == sorted(team, key=id)
    for first, second in pairwise(ordered):
        assert first.priority >= second.priority
        if first.priority == second.priority and first.last_booked_at is not None:
            assert second.last_booked_at is not None
            assert first.last_booked_at <= second.last_booked_at


@given(teams)
def test_in_equal_distribution_nobody_stands_behind_somebody_booked_more_often(team):
    ordered = choose(team, Mode.EQUAL).considered

    assert sorted(ordered, key=id) == sorted(team, key=id)
    for first, second in pairwise(ordered):
        assert (first.booked, team.index(first)) < (second.booked, team.index(second))


@given(teams, st.sampled_from(Mode))
def test_the_recorded_rule_is_what_sets_the_chosen_one_apart_from_the_next(team, mode):
    choice = choose(team, mode)

    assert choice.chosen == choice.considered[0]
    assert choice.rule in RULES_OF[mode]
    assert (choice.rule is DecidingRule.ONLY_ONE) == (len(team) == 1)
    if len(team) > 1:
        first, second = choice.considered[:2]
        assert first_difference(first, second, mode) is choice.rule


RULES_OF = {
    Mode.AVAILABILITY: {
        DecidingRule.ONLY_ONE,
        DecidingRule.PRIORITY,
        DecidingRule.LEAST_RECENT,
        DecidingRule.TEAM_ORDER,
    },
    Mode.EQUAL: {DecidingRule.ONLY_ONE, DecidingRule.LEAST_BOOKED, DecidingRule.TEAM_ORDER},
}


def first_difference(first, second, mode):
    if mode is Mode.EQUAL:
        differ = {DecidingRule.LEAST_BOOKED: first.booked != second.booked}
    else:
        differ = {
            DecidingRule.PRIORITY: first.priority != second.priority,
            DecidingRule.LEAST_RECENT: first.last_booked_at != second.last_booked_at,
        }
    return next((rule for rule, they_differ in differ.items() if they_differ), DecidingRule.TEAM_ORDER)
