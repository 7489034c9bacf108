import pytest

from bookings.core.fair_shares import Decision, shares_of

INES, MAREIKE, EMIL = 1, 2, 3


def test_a_booking_is_split_evenly_between_those_who_could_have_got_it():
    shares = shares_of([Decision(INES, (INES, MAREIKE)), Decision(INES, (INES,))])

    assert [(shares[key].booked, shares[key].even, shares[key].difference) for key in (INES, MAREIKE)] == [
        (2, 1.5, 0.5),
        (0, 0.5, -0.5),
    ]


def test_the_even_split_gives_as_many_bookings_as_there_are():
    decisions = [Decision(1 + number % 3, tuple(range(1, 2 + number % 3))) for number in range(100)]

    assert sum(share.even for share in shares_of(decisions).values()) == pytest.approx(100)


def test_who_was_passed_over_is_counted_and_why():
    share = shares_of([Decision(INES, (INES,), (EMIL,), (EMIL,)), Decision(INES, (INES,), (EMIL,))])[EMIL]

    assert (share.booked, share.passed_over, share.ahead) == (0, 2, 1)


def test_hosts_without_bookings_are_named():
    assert list(shares_of([], hosts=(INES, EMIL))) == [INES, EMIL]
