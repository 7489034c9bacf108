"""Time limits of one exchange. They are totals: a server that sends a byte now and then does not stretch them."""

import time
from datetime import timedelta

from integrations.ports import Unreachable
from integrations.providers.transport.pulse import Pulse

FIRST_BYTE = 10.0
PER_THOUSAND_ROWS = 30.0
LONGEST = 300.0

_END_OF_ROW = b"response>"


class Deadline:
    """A fixed total, which ends with ``outer`` at the latest."""

    def __init__(self, limit: timedelta, *, outer: "Deadline | None" = None, pulse: Pulse | None = None) -> None:
        self._started = time.monotonic()
        self._seconds = limit.total_seconds()
        self._outer = outer
        self._pulse = pulse

    def remaining(self) -> float:
        """Seconds left, more than none. Raises Unreachable when there are none."""
        left = self._started + self._seconds - time.monotonic()
        if left <= 0:
            raise Unreachable("The server did not answer in time.")
        return left if self._outer is None else min(left, self._outer.remaining())

    def received(self, chunk: bytes) -> None:
        """Told of each piece of the answer as it comes in, head and all."""
        if self._pulse is not None:
            self._pulse.beat()


class ListingDeadline(Deadline):
    """Short until the answer begins, then growing with the rows that arrive."""

    def __init__(self, *, outer: Deadline | None = None, pulse: Pulse | None = None) -> None:
        super().__init__(timedelta(seconds=FIRST_BYTE), outer=outer, pulse=pulse)
        self._rows = 0.0
        self._tail = b""

    def received(self, chunk: bytes) -> None:
        super().received(chunk)
        # Pieces end anywhere, also within a tag; a row has one at each end.
        text = self._tail + chunk
        self._tail = text[-len(_END_OF_ROW) + 1 :]
        self._rows += text.count(_END_OF_ROW) / 2
        self._seconds = min(LONGEST, FIRST_BYTE + PER_THOUSAND_ROWS * (1 + self._rows / 1000))
