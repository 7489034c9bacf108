"""Starts per host as bytes, so that storing and reading thousands of them costs next to nothing."""

import sys
from array import array
from collections.abc import Mapping, Sequence

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


def unpack(packed: bytes) -> dict[int, tuple[int, ...]]:
    """What was packed, hosts in the same order."""
    numbers = array(_CODE)
    numbers.frombytes(packed)
    found: dict[int, tuple[int, ...]] = {}
    flat = _little_endian(numbers).tolist()
    at = 1 + 2 * flat[0]
    for place in range(1, at, 2):
        key, count = flat[place : place + 2]
        found[key] = tuple(flat[at : at + count])
        at += count
    return found


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
