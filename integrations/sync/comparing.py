"""What a listing means for what we hold: pure, so that every case can be written down as a test."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from integrations.ports import Changes, ListedObject

# a listing that leaves out more than this is believed only when a second one, so much later, agrees
MANY = 10
LARGE_SHARE = 0.2
CONFIRM_AFTER = timedelta(minutes=2)


class Plan(NamedTuple):
    """``fetch``: objects that are new, changed or without an etag. ``gone``: keys we hold that are no more."""

    fetch: tuple[ListedObject, ...]
    gone: tuple[str, ...]


def compare(known: Mapping[str, str], changes: Changes) -> Plan:
    """``known``: key → etag of what we hold; for incomplete changes at least the keys they name.

    An object named twice counts once, and one that is present is not gone, whatever else the answer says.
    """
    present = {listed.key: listed for listed in changes.present}
    fetch = [listed for key, listed in present.items() if not listed.etag or known.get(key) != listed.etag]
    silent = known.keys() if changes.complete else changes.gone
    gone = [key for key in dict.fromkeys(silent) if key in known and key not in present]
    return Plan(fetch=tuple(fetch), gone=tuple(gone))


def is_suspicious(gone: Collection[str], *, held: int, listed_nothing: bool) -> bool:
    """Whether so much has gone of the ``held`` objects that one answer is not enough to believe it."""
    if not gone:
        return False
    return listed_nothing or (len(gone) > MANY and len(gone) > held * LARGE_SHARE)


def confirms(held_back_at: datetime | None, *, now: datetime) -> bool:
    """Whether a listing taken now is late enough to be the second opinion."""
    return held_back_at is not None and now - held_back_at >= CONFIRM_AFTER
