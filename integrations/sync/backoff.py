"""How long to wait before another try: longer each time, never in step with others, never longer than two hours."""

from datetime import timedelta
from random import SystemRandom

from accounts.services import backoff
from integrations.ports import ProviderError, TemporarilyUnavailable

LONGEST = timedelta(hours=2)
# what a server asks for is believed within these bounds
SHORTEST_PAUSE = timedelta(minutes=1)
# after a refused login nothing is sent for so long, then one probe decides
PROBE_AFTER = timedelta(minutes=3)
FIRST_PUSH = timedelta(seconds=5)
FIRST_LOOK = timedelta(minutes=1)

_random = SystemRandom()


def wait_after(attempts: int, *, first: timedelta = FIRST_PUSH) -> timedelta:
    """The wait after so many tries that failed; two hours at most."""
    return backoff.wait_after(attempts, first=first, longest=LONGEST)


def wait_for(error: ProviderError, attempts: int, *, first: timedelta = FIRST_PUSH) -> timedelta:
    """As :func:`wait_after`, and not before the server wants to be asked again."""
    return max(wait_after(attempts, first=first), pause_asked_for(error) or timedelta())


def pause_asked_for(error: ProviderError) -> timedelta | None:
    """The server's Retry-After, clamped; None when it named none."""
    asked = error.retry_after if isinstance(error, TemporarilyUnavailable) else None
    return None if asked is None else min(max(asked, SHORTEST_PAUSE), LONGEST)


def next_interval(seconds: float) -> timedelta:
    """The pause to the next regular look; connections made together drift apart."""
    return timedelta(seconds=seconds * _random.uniform(0.8, 1.0))
