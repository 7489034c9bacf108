"""Starts per host as bytes: what was packed comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from availability.core.packing import pack, unpack, unpack_joined

numbers = st.integers(0, 2**32 - 1)


@given(st.dictionaries(numbers, st.lists(numbers, max_size=20).map(tuple), max_size=6))
def test_what_was_packed_comes_back_hosts_in_the_same_order(starts):
    back = unpack(pack(starts))

    assert back == starts
    assert list(back) == list(starts)


@given(st.lists(st.dictionaries(numbers, st.lists(numbers, max_size=9), max_size=3), max_size=5))
def test_packs_one_after_the_other_give_the_starts_of_all_their_hosts(days):
    joined = b"".join(pack(starts) for starts in days)

    assert unpack_joined(joined) == tuple(sorted({start for day in days for found in day.values() for start in found}))


@given(st.dictionaries(numbers, st.lists(numbers, max_size=20), max_size=6))
def test_nothing_is_stored_but_four_bytes_for_each_number(starts):
    assert len(pack(starts)) == 4 * (1 + 2 * len(starts) + sum(map(len, starts.values())))


def test_the_bytes_are_the_same_on_every_machine():
    """Little-endian; the last start is in 2106."""
    packed = bytes.fromhex("02000000 07000000 01000000 09000000 02000000 00000000 01020000 ffffffff")

    assert pack({7: (0,), 9: (513, 2**32 - 1)}) == packed
    assert unpack(packed) == {7: (0,), 9: (513, 2**32 - 1)}


def test_starts_in_an_array_or_a_range_are_packed_like_any_others():
    assert unpack(pack({1: range(0, 30, 10)})) == {1: (0, 10, 20)}


@pytest.mark.parametrize("starts", [{1: (2**32,)}, {1: (-1,)}, {2**32: ()}])
def test_a_number_of_more_than_32_bits_is_refused(starts):
    with pytest.raises(OverflowError):
        pack(starts)
