"""Who got how many bookings, and how many an even split would have given them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Decision(NamedTuple):
    """One booking. ``could``: the hosts it is split between evenly, as many parts as there are of them.

    ``passed_over``: who served the calendar and could not be chosen, ``ahead`` those of them who were too far ahead.
    """

    host: int
    could: tuple[int, ...]
    passed_over: tuple[int, ...] = ()
    ahead: tuple[int, ...] = ()


@dataclass(slots=True)
class Share:
    """Of one host: bookings they got, bookings an even split gives, how often they were passed over."""

    booked: int = 0
    even: float = 0.0
    passed_over: int = 0
    ahead: int = 0

    @property
    def difference(self) -> float:
        return self.booked - self.even


def shares_of(decisions: Iterable[Decision], *, hosts: Iterable[int] = ()) -> dict[int, Share]:
    """By host; ``hosts`` are in it even if they got nothing."""
    shares = {host: Share() for host in hosts}
    for decision in decisions:
        shares.setdefault(decision.host, Share()).booked += 1
        for host in decision.could:
            shares.setdefault(host, Share()).even += 1 / len(decision.could)
        for host in decision.passed_over:
            shares.setdefault(host, Share()).passed_over += 1
        for host in decision.ahead:
            shares.setdefault(host, Share()).ahead += 1
    return shares
