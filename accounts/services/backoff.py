"""How long to wait before another try: longer each time, and never in step with others."""

from datetime import timedelta
from random import SystemRandom

_random = SystemRandom()


def wait_after(tries: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """The wait after so many tries that failed: doubling, with up to a fifth more by chance."""
    doubled: timedelta = first * 2 ** min(max(tries - 1, 0), 20)
    return min(doubled * _random.uniform(1.0, 1.2), longest)
