"""Fetching ahead: in order, one batch ahead, and errors where they belong."""

from collections.abc import Collection, Sequence
from threading import Event, current_thread

import pytest

from integrations.ports import Fetched, ListedObject, TemporarilyUnavailable
from integrations.sync.ahead import fetched_ahead

pytestmark = pytest.mark.django_db

URL = "https://dav.example.org/home/work/"
PATIENCE = 10


class Source:
    """Hands out nothing; knows what it was asked for, and in which thread."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.threads: list[str] = []
        self.asked = [Event() for _ in range(4)]
        self._fails_at = fails_at

    def fetch(self, calendar_url: str, objects: Collection[ListedObject]) -> Fetched:
        number = len(self.threads)
        self.threads.append(current_thread().name)
        self.asked[number].set()
        if number == self._fails_at:
            raise TemporarilyUnavailable("Later.")
        return Fetched((), tuple(one.key for one in objects))


def batches(count: int) -> Sequence[Sequence[ListedObject]]:
    return [[ListedObject(key=str(number), url=f"{URL}{number}", etag="1")] for number in range(count)]


def test_batches_come_in_order_each_with_what_was_handed_out_of_it():
    found = [(batch[0].key, fetched.missing) for batch, fetched in fetched_ahead(Source(), URL, batches(3))]

    assert found == [("0", ("0",)), ("1", ("1",)), ("2", ("2",))]


def test_the_next_batch_is_asked_for_while_one_is_in_hand():
    source = Source()
    ahead = fetched_ahead(source, URL, batches(3))

    next(ahead)

    assert source.asked[1].wait(PATIENCE)
    assert not source.asked[2].is_set()
    ahead.close()


def test_a_single_batch_is_fetched_by_the_caller_and_none_asks_nobody():
    source = Source()

    list(fetched_ahead(source, URL, batches(1)))
    list(fetched_ahead(source, URL, []))

    assert source.threads == [current_thread().name]


def test_a_failure_ends_it_after_the_batches_before():
    ahead = fetched_ahead(Source(fails_at=1), URL, batches(3))

    batch, _fetched = next(ahead)

    assert batch[0].key == "0"
    with pytest.raises(TemporarilyUnavailable):
        next(ahead)


def test_whoever_gives_up_waits_for_the_batch_under_way_and_no_other_is_asked_for():
    source = Source()
    ahead = fetched_ahead(source, URL, batches(4))
    next(ahead)

    ahead.close()

    assert len(source.threads) == 2
