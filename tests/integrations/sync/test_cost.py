"""What a look costs our side: by what changed, not by what there is. Seconds are for the benchmark."""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from availability.models import BusyTime
from integrations.models import RemoteCalendar, RemoteEvent
from tests.integrations.sync.fault_world import NINE, FaultWorld

pytestmark = pytest.mark.django_db

FEW, MANY = 100, 1_000
CHANGED = 10
WITHIN = 1.2
# lock, fence, events, busy times, versions, and the transaction around them
STATEMENTS_A_BATCH = 11


class Cost(NamedTuple):
    requests: int
    size: int
    statements: int


def calendar_of(world: FaultWorld, number: int) -> RemoteCalendar:
    remote = world.add_calendar("Work")
    for index in range(number):
        world.put(remote, f"theirs-{index}", start=NINE + timedelta(hours=index))
    return remote


def change(world: FaultWorld, remote: RemoteCalendar, number: int = CHANGED) -> None:
    for index in range(number):
        world.put(remote, f"theirs-{index}", start=NINE + timedelta(hours=index, minutes=7))


def cost_of_a_look(world: FaultWorld) -> Cost:
    world.server.forget_log()
    world.now += timedelta(hours=1)
    with CaptureQueriesContext(connection) as queries:
        world.look()
    server = world.server
    return Cost(sum(server.counts.values()), server.bytes_in + server.bytes_out, len(queries))


def cost_of_changes_among(number: int) -> Cost:
    world = FaultWorld()
    remote = calendar_of(world, number)
    world.look()
    change(world, remote)
    return cost_of_a_look(world)


def test_an_unchanged_login_costs_one_request_a_look_however_many_calendars_it_has():
    world = FaultWorld()
    for name in ("Work", "Home", "Club"):
        world.fill(world.add_calendar(name))
    world.look()

    cost = cost_of_a_look(world)

    assert cost.requests == 1


def test_an_unchanged_login_costs_as_many_statements_among_ten_times_the_events():
    costs = []
    for number in (FEW, MANY):
        world = FaultWorld()
        calendar_of(world, number)
        world.look()
        costs.append(cost_of_a_look(world))

    assert costs[0].statements == costs[1].statements


def test_ten_changes_cost_the_same_among_ten_times_the_events():
    few, many = cost_of_changes_among(FEW), cost_of_changes_among(MANY)

    assert many.requests == few.requests == 3
    assert many.statements == few.statements
    assert many.size <= few.size * WITHIN


def test_only_what_changed_is_fetched():
    world = FaultWorld()
    remote = calendar_of(world, FEW)
    world.look()
    change(world, remote, 3)

    cost_of_a_look(world)

    [multiget] = [one for one in world.server.log if one.method == "REPORT"][1:]
    assert multiget.answered < 3 * 1_000


def test_a_first_read_costs_a_fixed_number_of_statements_for_each_batch():
    costs = []
    for number in (250, 500, 750):
        world = FaultWorld()
        calendar_of(world, number)
        costs.append(cost_of_a_look(world))

    first, second = (later.statements - earlier.statements for earlier, later in pairwise(costs))
    assert first == second <= STATEMENTS_A_BATCH
    assert RemoteEvent.objects.count() == BusyTime.objects.count() == 1_500
