"""Appointments after any sequence of what can be done to them, two things at once where it may be (B3, B8–B10).

Everything is compared with a small reference model after every step. ``HOLDFAST_RUNS`` sets how many sequences are
tried; ``--hypothesis-seed`` chooses others.
"""

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from availability.services import release, reserve
from bookings.services import cancel, history
from tests.flows.booking_model import STARTS, Op
from tests.flows.booking_rules import explanations
from tests.flows.booking_world import PAGES, BookingWorld
from tests.flows.without_constraint import without_constraint

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
RUNS = int(os.environ.get("HOLDFAST_RUNS", "12"))
TRIAL = settings(
    max_examples=RUNS,
    stateful_step_count=15,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
ANY = st.integers(0, 999)
BROKEN = settings(
    TRIAL, max_examples=150, derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False
)
# few enough to meet often
TIMES = st.sampled_from(STARTS[:4] + STARTS[6:8])
PLACES = {"page": st.integers(0, len(PAGES) - 1), "start": TIMES, "host": st.sampled_from((None, None, 0, 1, 2))}


def ops(*kinds, **facts):
    fields = {"kind": st.sampled_from(kinds), "by_staff": st.booleans(), **facts}
    return st.fixed_dictionaries(fields).map(lambda given: Op(**given))


NEW = ops("book", "book", "book", "hold", "overbook", **PLACES)
# about one that is there; which one is a number here, taken round and round
MOVES = ops("reschedule", "reschedule", "overbook_move", **PLACES)
ANSWERS = ops("cancel", "cancel", "confirm", "decline")
MARKS = ops("attend", came=st.sampled_from((True, False, None)))
HELD = ops("release", "lapse", "book", **PLACES)
WORK = st.just(Op("expire"))
OPS = st.tuples(st.one_of(NEW, NEW, MOVES, ANSWERS, MARKS, HELD, WORK), ANY)


class Bookings(RuleBasedStateMachine):
    def __init__(self, world):
        super().__init__()
        self.world = world
        self.world.begin()
        self.made = 0

    @initialize(first=st.lists(OPS, min_size=2, max_size=4))
    def begin(self, first):
        for op in first:
            self._step(op)
        self.world.store()

    @rule(op=OPS)
    def one_thing(self, op):
        self._step(op)

    @rule(first=OPS, second=OPS)
    def two_things_at_once(self, first, second):
        self._step(first, second)

    @rule(place=NEW, by_staff=st.booleans())
    def two_want_the_same(self, place, by_staff):
        self._step((place._replace(kind="book", by_staff=by_staff), 0), (place._replace(kind="book"), 0))

    @rule(hours=st.sampled_from((2, 13)))
    def let_pass(self, hours):
        self.world.model.now += hours * 60
        self._compare()

    @rule()
    def store(self):
        self.world.store()

    def _step(self, *wishes):
        named = [op for op in (self._named(*wish) for wish in wishes) if op]
        if named:
            steps = list(zip(named, self.world.run(named), strict=True))
            found = explanations(self.world.model, steps)
            assert found, f"this cannot be: {steps} after {self.world.model}"
            # of two orders that could both be, it was the one that left what lies there
            self.world.model = next((one for one in found if _rows(one) == self.world.seen.rows()), found[0])
            self._compare()

    def _named(self, op, which):
        """With the names of what is there; None if there is nothing of that kind."""
        model = self.world.model
        known = list(model.holds) if op.kind in ("release", "lapse") else list(model.visits)
        if op.kind in ("book", "hold", "overbook"):
            self.made += 1
            holds = [label for label, (page, _start) in model.holds.items() if page == op.page and which % 2]
            hold = holds[which % len(holds)] if holds and op.kind == "book" else ""
            return _possible(op._replace(label=f"{op.kind}{self.made}", hold=hold))
        if op.kind == "expire":
            return op
        if not known:
            return None
        label = known[which % len(known)]
        page = (model.holds[label][0]) if label in model.holds else model.visits[label].page
        return _possible(op._replace(label=label, page=page))

    def _compare(self):
        seen, model = self.world.seen, self.world.model
        assert seen.rows() == _rows(model)
        for number in range(len(PAGES)):
            expected = model.offer(number)
            assert seen.offer(number, self.world.now, stored=False) == expected, f"on offer of {number}"
            assert seen.offer(number, self.world.now, stored=True) == expected, f"on offer, stored, of {number}"


def _possible(op):
    """Only where customers may ask for somebody, and for whom."""
    page = PAGES[op.page]
    may_ask = op.host in page.hosts and page.kind in ("service", "round_robin")
    return op._replace(host=op.host if may_ask else None, by_staff=op.by_staff or op.kind.startswith("overbook"))


def _rows(model):
    """What the model wants to lie there, as the witness tells it."""
    return {
        "appointments": {label: _told(visit) for label, visit in model.visits.items()},
        "times": {(label, *one[:3], one.exclusive) for label, each in model.times.items() for one in each},
        "seats": model.seats,
        "steps": {label: visit.steps for label, visit in model.visits.items()},
        "mails": {label: sorted(visit.mails, key=str) for label, visit in model.visits.items()},
    }


def _told(visit):
    lead, *others = visit.hosts
    expires = visit.expires if visit.is_pending else None
    return visit.start, (lead, *sorted(others)), visit.status, visit.sequence, expires, visit.is_active


@pytest.fixture
def world():
    made = BookingWorld()
    yield made
    made.end()


def test_appointments_are_as_the_reference_says_after_any_sequence(world):
    run_state_machine_as_test(partial(Bookings, world), settings=TRIAL)


def time_is_not_given_back(monkeypatch):
    monkeypatch.setattr(cancel, "release_time", lambda uid, *, now: None)


def mail_is_forgotten(monkeypatch):
    monkeypatch.setattr(history, "queue_mail", lambda *mail, **terms: None)


@pytest.mark.parametrize("mutant", [time_is_not_given_back, mail_is_forgotten])
def test_the_trial_finds_what_is_broken(world, mutant, monkeypatch):
    """The positive control."""
    mutant(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(partial(Bookings, world), settings=BROKEN)


def test_the_trial_finds_double_bookings_when_nothing_keeps_them_out(world, monkeypatch):
    """The positive control for what is done at once."""
    for module in (reserve, release):
        monkeypatch.setattr(module, "lock_hosts", lambda user_ids: None)

    with without_constraint(), pytest.raises(AssertionError):
        run_state_machine_as_test(partial(Bookings, world), settings=BROKEN)
