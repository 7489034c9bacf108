"""Whose turn it is: places at a server, the slow lane, who has waited longest, and who may not be asked at all."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import Max
from django.db.models.functions import Now
from django.test import override_settings

from accounts.queries import database_now
from integrations.models import Connection, ConnectionState
from integrations.sync.claims import (
    EACH_SERVER,
    HEAVY_EACH_SERVER,
    ClaimLost,
    claim_connection,
    claim_due_connections,
    claim_for_booking,
    keep_claim,
    release,
)
from tests.factories import ConnectionFactory

MINUTE = timedelta(minutes=1)


def logins(number: int, *, server: str = "fast", waiting: timedelta = MINUTE, **facts: Any) -> list[Connection]:
    """Due for so long; looked at before, and quickly, unless ``facts`` say otherwise."""
    now = database_now()
    facts = {"looked_at": now - 2 * waiting, "next_look_at": now - waiting, **facts}
    return [ConnectionFactory(server_url=f"https://{server}.example.org/dav/", **facts) for _number in range(number)]


def claimed(limit: int = 20, **options: Any) -> list[Connection]:
    return claim_due_connections(limit, now=database_now(), **options)


def by_server(claims: list[Connection]) -> dict[str, int]:
    names = [claim.server.partition(".")[0] for claim in claims]
    return {name: names.count(name) for name in sorted(set(names))}


@pytest.mark.django_db
class TestPlacesAtAServer:
    def test_one_server_is_looked_at_by_so_many_at_a_time(self) -> None:
        logins(EACH_SERVER + 3)

        assert len(claimed()) == EACH_SERVER
        assert claimed() == []

    def test_a_place_that_becomes_free_is_taken_by_whoever_waited_longest(self) -> None:
        first = logins(EACH_SERVER, waiting=5 * MINUTE)
        logins(1, waiting=MINUTE)
        [patient] = logins(1, waiting=2 * MINUTE)
        claimed()

        release(Connection.objects.get(pk=first[0].pk))
        Connection.objects.filter(pk=first[0].pk).update(next_look_at=Now() + MINUTE)

        assert claimed() == [patient]

    def test_a_full_server_keeps_nobody_else_from_being_read(self) -> None:
        logins(30, server="busy", waiting=5 * MINUTE)
        logins(5, server="other")

        assert by_server(claimed()) == {"busy": EACH_SERVER, "other": 5}

    def test_the_same_host_on_another_port_is_another_server(self) -> None:
        logins(EACH_SERVER + 1, server="a")
        Connection.objects.update(server_url="https://a.example.org:8443/")
        logins(1, server="a")

        assert len(claimed()) == EACH_SERVER + 1

    def test_a_claim_whose_lease_is_over_holds_no_place(self) -> None:
        logins(EACH_SERVER)
        claimed()
        Connection.objects.update(claimed_until=Now() - MINUTE)

        assert len(claimed()) == EACH_SERVER

    def test_a_read_for_a_customer_holds_a_place_and_needs_none(self) -> None:
        wanted = logins(1, next_look_at=database_now() + MINUTE)
        logins(EACH_SERVER)

        assert claim_for_booking([wanted[0].pk])
        assert len(claimed()) == EACH_SERVER - 1

    def test_logins_that_are_new_to_a_server_leave_places_to_those_known_to_be_quick(self) -> None:
        logins(10, waiting=5 * MINUTE, looked_at=None)
        logins(10, waiting=MINUTE)

        claims = claimed()

        assert len(claims) == EACH_SERVER
        assert sum(claim.looked_at is None for claim in claims) == HEAVY_EACH_SERVER

    def test_slow_logins_for_whom_there_is_no_thread_do_not_hold_up_others_of_their_server(self) -> None:
        logins(10, waiting=5 * MINUTE, look_seconds=60.0)
        quick = logins(3, waiting=MINUTE)

        assert set(claimed(slow=0)) == set(quick)


@pytest.mark.django_db
class TestSlowLane:
    @pytest.mark.parametrize("facts", [{"look_seconds": 3.0}, {"failures": 1}])
    def test_those_known_to_be_slow_or_failing_get_their_part_and_no_more(self, facts: dict[str, Any]) -> None:
        for number in range(30):
            logins(1, server=f"hostile{number}", waiting=5 * MINUTE, **facts)
        quick = logins(4)

        claims = claimed(20, slow=10)

        assert len(claims) == 14
        assert set(quick) <= set(claims)

    def test_within_the_slow_lane_too_whoever_waited_longest_goes_first(self) -> None:
        late = [logins(1, server=f"s{number}", look_seconds=9.0)[0] for number in range(3)]
        early = [logins(1, server=f"t{number}", look_seconds=9.0, waiting=2 * MINUTE)[0] for number in range(2)]

        assert set(claimed(slow=2)) == set(early)
        assert set(claimed(slow=5)) == set(late)

    def test_a_login_never_looked_at_is_not_taken_for_slow(self) -> None:
        new = logins(1, looked_at=None)

        assert claimed(slow=0) == new


@pytest.mark.django_db
class TestOne:
    def test_it_is_claimed_before_its_time(self) -> None:
        [login] = logins(1, next_look_at=database_now() + MINUTE)

        claim = claim_connection(login.pk, now=database_now())

        assert claim is not None
        assert (claim.pk, claim.fence, claim.unfinished) == (login.pk, 1, 1)

    def test_without_a_place_at_its_server_it_is_due_from_now_on(self) -> None:
        logins(EACH_SERVER)
        claimed()
        [login] = logins(1, next_look_at=database_now() + MINUTE)

        assert claim_connection(login.pk, now=database_now()) is None
        assert Connection.objects.due(Now()).filter(pk=login.pk).exists()

    def test_it_goes_before_others_of_its_server_who_wait(self) -> None:
        logins(EACH_SERVER - 1)
        claimed()
        logins(5, waiting=5 * MINUTE)
        [login] = logins(1, next_look_at=database_now() + MINUTE)

        assert claim_connection(login.pk, now=database_now()) == login

    def test_a_login_refused_a_minute_ago_is_not_asked_even_when_its_owner_wants_it(self) -> None:
        [login] = logins(1, refused_at=database_now() - MINUTE, next_look_at=database_now())

        assert claim_connection(login.pk, now=database_now()) is None
        assert claimed() == []

    def test_a_login_refused_three_minutes_ago_is_probed(self) -> None:
        [login] = logins(1, refused_at=database_now() - 3 * MINUTE)

        assert claimed() == [login]

    @pytest.mark.parametrize(
        "facts", [{"state": ConnectionState.BROKEN}, {"switched_off_at": database_now}, {"claimed_until": None}]
    )
    def test_broken_switched_off_and_claimed_ones_are_left_alone(self, facts: dict[str, Any]) -> None:
        values = {name: value() if callable(value) else value for name, value in facts.items()}
        values = {"claimed_until": database_now() + MINUTE} if "claimed_until" in values else values
        [login] = logins(1, **values)

        assert claimed() == []
        assert claim_connection(login.pk, now=database_now()) is None


@pytest.mark.django_db(transaction=True)
class TestLease:
    @override_settings(SYNC_LEASE_SECONDS=100)
    def test_a_claim_that_is_kept_lasts_a_lease_from_then_on(self) -> None:
        logins(1)
        [claim] = claimed()
        Connection.objects.update(claimed_until=Now() + timedelta(seconds=1))

        keep_claim(claim)

        left = Connection.objects.get().claimed_until - database_now()  # type: ignore[operator]
        assert timedelta(seconds=90) < left <= timedelta(seconds=100)

    def test_a_claim_somebody_else_took_over_is_not_kept(self) -> None:
        logins(1)
        [late] = claimed()
        Connection.objects.update(claimed_until=Now() - MINUTE)
        claimed()

        with pytest.raises(ClaimLost):
            keep_claim(late)

    def test_workers_who_choose_at_the_same_time_do_not_fill_a_place_twice(self) -> None:
        logins(40)
        together, claims = threading.Barrier(4), []

        def work() -> None:
            together.wait()
            claims.extend(claimed(10))
            connections.close_all()

        workers = [threading.Thread(target=work) for _number in range(4)]
        [worker.start() for worker in workers]
        [worker.join() for worker in workers]

        assert len(claims) == len({claim.pk for claim in claims}) == EACH_SERVER
        assert Connection.objects.aggregate(highest=Max("fence"))["highest"] == 1
