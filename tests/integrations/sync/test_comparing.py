"""What a listing means for what we hold."""

import pytest

from integrations.ports import Changes, ListedObject
from integrations.sync.comparing import compare, confirms, is_suspicious
from tests.factories import NOW
from tests.integrations.sync.world import MINUTE


def listed(key: str, etag: str = '"1"') -> ListedObject:
    return ListedObject(key=key, url=f"https://dav.example.org{key}", etag=etag)


def changes(*present: ListedObject, gone: tuple[str, ...] = (), complete: bool = False) -> Changes:
    return Changes(present=present, gone=gone, cursor="c", complete=complete)


def test_new_and_changed_objects_are_fetched_and_known_ones_are_not() -> None:
    plan = compare({"/a": '"1"', "/b": '"0"'}, changes(listed("/a"), listed("/b"), listed("/c")))

    assert [one.key for one in plan.fetch] == ["/b", "/c"]


def test_an_object_without_an_etag_is_fetched_each_time() -> None:
    plan = compare({"/a": ""}, changes(listed("/a", etag="")))

    assert [one.key for one in plan.fetch] == ["/a"]


def test_silence_means_deletion_only_in_a_complete_listing() -> None:
    known = {"/a": '"1"', "/b": '"1"'}

    assert compare(known, changes(listed("/a"))).gone == ()
    assert compare(known, changes(listed("/a"), complete=True)).gone == ("/b",)


def test_an_object_named_both_as_present_and_as_gone_is_present() -> None:
    plan = compare({"/a": '"0"'}, changes(listed("/a"), listed("/a"), gone=("/a", "/a", "/x")))

    assert ([one.key for one in plan.fetch], plan.gone) == (["/a"], ())


@pytest.mark.parametrize(
    ("gone", "held", "listed_nothing", "suspicious"),
    [
        (0, 0, True, False),
        (1, 1, True, True),
        (1, 1, False, False),
        (10, 20, False, False),
        (11, 55, False, False),
        (11, 54, False, True),
        (500, 500, True, True),
    ],
)
def test_much_at_once_is_suspicious(gone: int, held: int, listed_nothing: bool, suspicious: bool) -> None:
    keys = [str(number) for number in range(gone)]

    assert is_suspicious(keys, held=held, listed_nothing=listed_nothing) is suspicious


def test_a_second_listing_counts_from_two_minutes_on() -> None:
    assert [confirms(held, now=NOW) for held in (None, NOW - MINUTE, NOW - 2 * MINUTE)] == [False, False, True]
