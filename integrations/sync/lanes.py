"""Two lanes for the threads of a crew: logins known or found to be slow hold half of it at most."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from time import monotonic

# what takes longer belongs in the slow lane, and so does what failed last
SLOW = timedelta(seconds=3)


def is_slow(*, look_seconds: float, failures: int) -> bool:
    return failures > 0 or look_seconds >= SLOW.total_seconds()


class GiveWay(Exception):
    """This look takes longer than expected and others wait for its thread: it goes on later, in the slow lane."""


@dataclass(frozen=True, slots=True)
class _Seat:
    server: str
    slow: bool
    since: float
    leaving: bool = False


class Lanes:
    """Whom the ``size`` threads of a crew are busy with. ``each_server``: how many logins of one server at a time."""

    def __init__(self, size: int, *, each_server: int | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._size, self._each_server, self._clock = size, each_server or size, clock
        self._lock = Lock()
        self._seats: dict[int, _Seat] = {}

    def free(self, *, slow: bool = False) -> int:
        """How many more may enter, and how many of them in the slow lane."""
        with self._lock:
            left = self._size - len(self._taken())
            return max(min(left, self._size // 2 - self._slow()) if slow else left, 0)

    def enter(self, login: int, *, server: str, slow: bool) -> bool:
        """False when the login is in already, or its server or its lane is full."""
        with self._lock:
            taken = self._taken()
            at_server = sum(seat.server == server for seat in taken)
            full = len(taken) >= self._size or at_server >= self._each_server
            if login in self._seats or full or (slow and self._slow() >= self._size // 2):
                return False
            self._seats[login] = _Seat(server, slow, self._clock())
            return True

    def leave(self, login: int) -> None:
        with self._lock:
            self._seats.pop(login, None)

    def must_give_way(self, login: int) -> bool:
        """Whether it was expected to be quick, is not, and the slow ones hold more than their half. It leaves then."""
        with self._lock:
            seat = self._seats.get(login)
            if seat is None or seat.slow or not self._lasts(seat) or self._slow() <= self._size // 2:
                return False
            # its thread ends a little later, and no other must give way for the same place
            self._seats[login] = replace(seat, leaving=True)
            return True

    def _taken(self) -> list[_Seat]:
        return [seat for seat in self._seats.values() if not seat.leaving]

    def _slow(self) -> int:
        return sum(seat.slow or self._lasts(seat) for seat in self._taken())

    def _lasts(self, seat: _Seat) -> bool:
        return self._clock() - seat.since >= SLOW.total_seconds()
