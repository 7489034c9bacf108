"""Time limits of long answers, and the sign of life that is given meanwhile."""

from datetime import timedelta
from itertools import pairwise

from integrations.providers.transport.deadline import Deadline, ListingDeadline
from integrations.providers.transport.pulse import Pulse


def test_listing_may_take_longer_with_every_thousand_rows() -> None:
    deadline = ListingDeadline()
    first_byte = deadline.remaining()

    deadline.received(b"<d:response></d:response>" * 1000)

    assert first_byte <= 10
    assert 60 < deadline.remaining() <= 70


def test_listing_has_more_time_from_its_first_byte_on() -> None:
    deadline = ListingDeadline()

    deadline.received(b"H")

    assert 10 < deadline.remaining() <= 40


def test_rows_count_wherever_their_pieces_end() -> None:
    deadline = ListingDeadline()

    for byte in b"<d:response></d:response>" * 1000:
        deadline.received(bytes([byte]))

    assert 60 < deadline.remaining() <= 70


def test_listing_takes_five_minutes_at_most() -> None:
    deadline = ListingDeadline(outer=Deadline(timedelta(hours=1)))

    deadline.received(b"<d:response></d:response>" * 50_000)

    assert 290 < deadline.remaining() <= 300


def test_listing_ends_with_what_somebody_waits_for() -> None:
    deadline = ListingDeadline(outer=Deadline(timedelta(seconds=5)))

    deadline.received(b"<d:response></d:response>" * 50_000)

    assert deadline.remaining() <= 5


def test_heart_beats_no_more_often_than_asked() -> None:
    beats: list[float] = []
    seconds = iter(range(100))
    pulse = Pulse(lambda: beats.append(next(seconds)), every=timedelta(seconds=5), clock=lambda: next(seconds))

    for _ in range(20):
        pulse.beat()

    assert beats
    assert all(later - earlier >= 5 for earlier, later in pairwise([0, *beats]))
