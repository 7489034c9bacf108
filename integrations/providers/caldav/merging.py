"""Our words and the host's in one event: what we wrote last tells them apart."""

import unicodedata
from collections.abc import Collection, Sequence


def merge_text(there: str, *, wanted: str, written: str | None) -> str:
    """A text as a whole: the host's, if only the host has changed it since we wrote it; otherwise ours."""
    if written is None or not _same(wanted, written):
        return wanted
    return wanted if _same(there, written) else there


def merge_notes(there: str, *, wanted: str, written: str | None) -> str:
    """Our lines once, as wanted now, and all of the host's: those above ours stay above, the others below.

    Lines are ours that we want, or wrote last: merging again changes nothing.
    """
    ours = {_plain(line) for text in (wanted, written or "") for line in text.split("\n")} - {""}
    lines = there.split("\n") if there.strip() else []
    places = [place for place, line in enumerate(lines) if _plain(line) in ours]
    block = wanted.split("\n") if wanted else []
    if not places:
        return "\n".join([*block, *lines])
    first, last = places[0], places[-1]
    between = [line for line in _without(lines[first:last], ours) if line.strip()]
    return "\n".join([*lines[:first], *block, *between, *lines[last + 1 :]])


def _without(lines: Sequence[str], ours: Collection[str]) -> list[str]:
    return [line for line in lines if _plain(line) not in ours]


def _same(one: str, other: str) -> bool:
    return [_plain(line) for line in one.strip().split("\n")] == [_plain(line) for line in other.strip().split("\n")]


def _plain(line: str) -> str:
    """Servers and devices normalise letters and trim blanks."""
    return unicodedata.normalize("NFC", line).strip()
