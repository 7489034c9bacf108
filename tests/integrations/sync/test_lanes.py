"""Who gets a thread: half of a crew at most for those known or found to be slow."""

from integrations.sync.lanes import Lanes, is_slow


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def enter(lanes: Lanes, *numbers: int, slow: bool = False, server: str = "") -> list[bool]:
    return [lanes.enter(number, server=server or f"server{number}", slow=slow) for number in numbers]


def test_slow_ones_fill_half_of_the_crew_and_the_others_all_that_is_left() -> None:
    lanes = Lanes(4)

    assert enter(lanes, 1, 2, 3, slow=True) == [True, True, False]
    assert (lanes.free(), lanes.free(slow=True)) == (2, 0)
    assert enter(lanes, 4, 5, 6) == [True, True, False]


def test_a_login_is_in_once() -> None:
    assert enter(Lanes(4), 1, 1) == [True, False]


def test_one_server_gets_so_many_places_and_no_more() -> None:
    lanes = Lanes(8, each_server=3)

    assert enter(lanes, 1, 2, 3, 4, server="busy") == [True, True, True, False]
    assert enter(lanes, 5) == [True]


def test_whoever_leaves_makes_room() -> None:
    lanes = Lanes(2)
    enter(lanes, 1, slow=True)

    lanes.leave(1)
    lanes.leave(1)

    assert enter(lanes, 2, slow=True) == [True]


def test_whoever_turns_out_slow_counts_as_slow() -> None:
    clock = Clock()
    lanes = Lanes(4, clock=clock)
    enter(lanes, 1, 2)

    clock.seconds = 3.0

    assert lanes.free(slow=True) == 0
    assert enter(lanes, 3, slow=True) == [False]


def test_those_who_turn_out_slow_give_way_until_half_of_the_crew_is_free_of_them() -> None:
    clock = Clock()
    lanes = Lanes(4, clock=clock)
    enter(lanes, 1, slow=True)
    enter(lanes, 2, 3, 4)
    assert not any(lanes.must_give_way(number) for number in (1, 2, 3, 4))

    clock.seconds = 3.0

    assert [lanes.must_give_way(number) for number in (1, 2, 3, 4)] == [False, True, True, False]
    assert lanes.free() == 2


def test_a_long_look_that_keeps_nobody_waiting_may_go_on() -> None:
    clock = Clock()
    lanes = Lanes(4, clock=clock)
    enter(lanes, 1, 2)

    clock.seconds = 300.0

    assert not lanes.must_give_way(1)


def test_what_failed_or_took_three_seconds_is_slow() -> None:
    assert is_slow(look_seconds=3.0, failures=0)
    assert is_slow(look_seconds=0.1, failures=1)
    assert not is_slow(look_seconds=2.9, failures=0)
