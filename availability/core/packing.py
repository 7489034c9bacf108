"""Starts per host as bytes, so that storing and reading thousands of them costs next to nothing."""

import sys
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

# unsigned, four bytes each, little-endian: enough for epoch seconds until 2106
_CODE = "I"


def pack(starts: Mapping[int, Sequence[int]]) -> bytes:
    """Keys and starts as one row of numbers: how many hosts, each host's key and count, then all starts.

    ``OverflowError`` for numbers that need more than 32 bits.
    """
    numbers = array(_CODE, [len(starts)])
    for key, found in starts.items():
        numbers.extend((key, len(found)))
    for found in starts.values():
        numbers.extend(found)
    return _little_endian(numbers).tobytes()


@lru_cache(maxsize=2048)
def unpack(packed: bytes) -> Mapping[int, tuple[int, ...]]:
    """What was packed, hosts in the same order. Kept, as nearly all of it is asked for again."""
    numbers = array(_CODE)
    numbers.frombytes(packed)
    found: dict[int, tuple[int, ...]] = {}
    flat = _little_endian(numbers).tolist()
    at = 1 + 2 * flat[0]
    for place in range(1, at, 2):
        key, count = flat[place : place + 2]
        found[key] = tuple(flat[at : at + count])
        at += count
    return MappingProxyType(found)


@lru_cache(maxsize=128)
def unpack_joined(packed: bytes) -> tuple[int, ...]:
    """The starts of all hosts in several packs, one after the other: sorted, each once."""
    numbers = array(_CODE)
    numbers.frombytes(packed)
    flat = _little_endian(numbers).tolist()
    starts: list[int] = []
    at = 0
    while at < len(flat):
        begin = at + 1 + 2 * flat[at]
        at = begin + sum(flat[at + 2 : begin : 2])
        starts += flat[begin:at]
    return tuple(sorted(set(starts)))


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
