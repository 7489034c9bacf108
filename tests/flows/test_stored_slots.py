"""Stored slots equal freshly computed ones after any sequence of what can happen (A11), and the trial can fail.

``HOLDFAST_RUNS`` sets how many sequences of thirty steps are tried; ``--hypothesis-seed`` chooses others.
"""

import os
import random
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from availability.core.hours import Opening
from availability.models import WhenStale
from tests.availability.mutants import MUTANTS
from tests.flows.stored_world import NUMBER_OF_CALENDARS, World

pytestmark = [pytest.mark.flow, pytest.mark.django_db]
RUNS = int(os.environ.get("HOLDFAST_RUNS", "8"))
MUTANT_RUNS = 150
TRIAL = settings(
    max_examples=RUNS,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANY = st.integers(0, 999)
LENGTHS = st.sampled_from((timedelta(), 30 * MINUTE, 6 * HOUR, 30 * HOUR))
SETTINGS = st.one_of(
    st.fixed_dictionaries({"buffer_before": LENGTHS, "buffer_after": LENGTHS}),
    st.fixed_dictionaries(
        {
            "duration": st.sampled_from((30 * MINUTE, HOUR, 2 * HOUR, 24 * HOUR)),
            "interval": st.sampled_from((45 * MINUTE, HOUR, 5 * HOUR)),
        }
    ),
    st.fixed_dictionaries({"day_limit": st.sampled_from((None, 1, 2)), "week_limit": st.sampled_from((None, 1, 3))}),
    st.fixed_dictionaries({"minimum_notice": st.sampled_from((timedelta(), 26 * HOUR))}),
    st.fixed_dictionaries({"horizon_days": st.integers(1, 10)}),
    st.fixed_dictionaries({"seats": st.integers(1, 3), "lead_cap": st.integers(1, 2)}),
    st.fixed_dictionaries({"assignment_mode": st.sampled_from(("equal", "availability"))}),
)
OPENINGS = st.sampled_from(((), (Opening(0, 0),), (Opening(540, 720), Opening(780, 1020)), (Opening(1320, 120),)))
STRETCHES = st.lists(st.tuples(st.integers(-60, 250), st.sampled_from((0, 1, 2, 48, 150)), st.booleans()), max_size=2)


RARELY = (
    lambda world, number: world.choose_sources(number, chosen=False),
    lambda world, number: world.choose_sources(number, chosen=True),
    lambda world, number: world.distrust(number, when_stale=WhenStale.BLOCK),
    lambda world, number: world.distrust(number, when_stale=WhenStale.WARN),
    lambda world, number: world.read_sources(),
    lambda world, number: world.pause(number, resume=False),
    lambda world, number: world.pause(number, resume=True),
    lambda world, number: world.reopen(number),
    lambda world, number: world.keep_holidays(number, kept=True),
    lambda world, number: world.keep_holidays(number, kept=False),
    lambda world, number: world.give_back_expired(),
    lambda world, number: world.forget(),
)


class StoredSlots(RuleBasedStateMachine):
    """Thirty steps of anything, in a transaction that is rolled back; after each everything is compared."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        self.world.begin()
        self.chance = random.Random(0)
        self.run = transaction.atomic()
        # as Django's own TestCase marks its transactions: services may begin theirs, which are durable, within it
        self.run._from_testcase = True
        self.run.__enter__()

    def teardown(self):
        try:
            self.world.check(range(NUMBER_OF_CALENDARS), self.chance)
        finally:
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    @initialize(seed=ANY, before=LENGTHS, after=LENGTHS)
    def begin(self, seed, before, after):
        self.chance = random.Random(seed)
        for number in self.chance.sample(range(NUMBER_OF_CALENDARS), 3):
            self.world.edit(number, {"buffer_before": before, "buffer_after": after})
            self.world.book(number, self.chance.randrange(99), named=False)
        self.world.work_everywhere()

    @invariant()
    def stored_is_computed(self):
        self.world.check(self.chance.sample(range(NUMBER_OF_CALENDARS), 3), self.chance)

    @rule(number=ANY, at=ANY, named=st.booleans())
    def book(self, number, at, named):
        self.world.book(number, at, named=named)

    @rule(number=ANY, at=ANY)
    def book_anybody(self, number, at):
        self.world.book(number, at, named=False)

    @rule(which=ANY, at=ANY)
    def move(self, which, at):
        self.world.move(which, at)

    @rule(which=ANY)
    def release(self, which):
        self.world.release(which)

    @rule(number=ANY, at=ANY)
    def hold(self, number, at):
        self.world.hold(number, at)

    @rule(which=ANY, at=ANY)
    def hold_another(self, which, at):
        self.world.hold_another(which, at)

    @rule(which=ANY)
    def book_held(self, which):
        self.world.book_held(which)

    @rule(which=ANY)
    def expire(self, which):
        self.world.expire(which)

    @rule(user=ANY, group=st.sampled_from("ab"), stretches=STRETCHES, own=st.booleans())
    def report(self, user, group, stretches, own):
        self.world.report(user, group, stretches, own=own)

    @rule(number=ANY, changes=SETTINGS)
    def edit(self, number, changes):
        self.world.edit(number, changes)

    @rule(number=ANY, chosen=st.lists(ANY, min_size=1, max_size=3), fixed=st.integers(0, 4))
    def choose_team(self, number, chosen, fixed):
        self.world.choose_team(number, chosen, fixed=fixed)

    @rule(number=ANY, hours=ANY, zone=ANY, day_limit=st.sampled_from((None, None, 1, 2)))
    def set_hours(self, number, hours, zone, day_limit):
        self.world.set_hours(number, hours, zone, day_limit=day_limit)

    @rule(number=ANY, day=st.integers(-1, 9), openings=OPENINGS)
    def override(self, number, day, openings):
        self.world.override(number, day, openings)

    @rule(account=ANY, start=st.integers(-9, 120), length=st.integers(1, 30))
    def close(self, account, start, length):
        self.world.close(account, start, length)

    @rule(length=st.sampled_from((10 * MINUTE, 5 * HOUR, DAY)))
    def let_pass(self, length):
        self.world.let_pass(length)

    @rule(number=ANY)
    def work(self, number):
        self.world.work(number)

    @rule()
    def work_everywhere(self):
        self.world.work_everywhere()

    @rule(what=st.sampled_from(RARELY), number=ANY)
    def something_rare(self, what, number):
        what(self.world, number)


@pytest.fixture
def world():
    return World()


def test_stored_slots_equal_computed_ones_after_any_sequence(world):
    run_state_machine_as_test(partial(StoredSlots, world), settings=TRIAL)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_trial_finds_what_is_broken(world, mutant, monkeypatch):
    """The positive control: with one piece broken the same sequences end in a difference."""
    mutant(monkeypatch)
    broken = settings(
        TRIAL, max_examples=MUTANT_RUNS, derandomize=True, database=None, phases=[Phase.generate], print_blob=False
    )

    with pytest.raises(AssertionError, match="stored and computed differ"):
        run_state_machine_as_test(partial(StoredSlots, world), settings=broken)
