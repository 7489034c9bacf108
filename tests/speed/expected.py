"""The right answers, found once by another hand than ours: how many starts, and hashes of the starts and the counts."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Answer(NamedTuple):
    """``counts`` also holds the free hosts of every start, or the seats left of a class."""

    size: int
    starts: str
    counts: str


EXPECTED = {
    "W1": Answer(301, "3d9a1ee758236d27", "bfce4862065bc115"),
    "W1b": Answer(214, "0f1baffd89a85783", "f5e989885197b21d"),
    "W2": Answer(94, "84eb2df40b67da12", "c77b147c3254deec"),
    "W3": Answer(682, "db5a58d71aa29f2c", "1df0c7c4b319e6a9"),
    "W4": Answer(163, "bce04e0779ddd9bf", "47e02405cca4efa0"),
    "W5": Answer(141, "4c2a030504692e34", "a3419956eb0ecf9f"),
    "W6": Answer(2002, "321c3923a23aee7b", "7212f4a05d2b5a2c"),
    "C01": Answer(58, "7d0cc560628f241d", "71f4537742b9ec91"),
    "C02": Answer(62, "6ac19547f204808d", "ace713fc1f825d31"),
    "C03": Answer(217, "b988a9ea02fbc487", "5797fb5e80d97da6"),
    "C04": Answer(48, "644dc01bbf2dd0c9", "1de8804ec793ead0"),
    "C05": Answer(24, "2d4ff6fffe1e32ae", "36c899604b90441f"),
    "C06": Answer(56, "4b6fe760915e25f6", "d0518487afb4bce9"),
    "C07a": Answer(69, "68f63b84372dd123", "6ef90f0ff01a0b79"),
    "C07b": Answer(78, "299ef8e15839a493", "76a530f3a5b6668e"),
    "C07c": Answer(93, "1d6c57dda43de685", "57d6d4877877465f"),
    "C07d": Answer(93, "1d6c57dda43de685", "57d6d4877877465f"),
    "C07e": Answer(45, "8f9aa6ab7d677521", "44a8510b810d4230"),
    "C08": Answer(66, "0fca3fd410bb59b6", "23b1c2ed7469fe11"),
    "C09": Answer(61, "18e7dc0229a39560", "2c97b104151da1e5"),
    "C10": Answer(48, "f993143946d74eed", "4589c0f810bb29f5"),
    "C11": Answer(80, "4540cd31821e8ee1", "3afde44dac6b8309"),
    "C12": Answer(180, "718103da80e97662", "25fbca50fc9b54ac"),
    "C13": Answer(13, "0ddb028fb3287105", "1819435b8519dc97"),
    "C14": Answer(36, "20228d02eadfd34d", "2368d232e44fff99"),
    "C15": Answer(15, "663500e7939f144a", "d19ce90103425796"),
    "C16": Answer(26, "8999b5f74e6e1903", "96ce5614a1fdfe50"),
}


def hash_of_starts(starts: Iterable[int]) -> str:
    return _hash(str(start) for start in starts)


def answer(counts: Mapping[int, int]) -> Answer:
    """What to compare with ``EXPECTED``; from starts in ascending order."""
    with_counts = (f"{start}:{count}" for start, count in counts.items())
    return Answer(len(counts), hash_of_starts(counts), _hash(with_counts))


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
