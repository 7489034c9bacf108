"""Which starts a calendar hides to look busy: the same ones on each reload, without remembering any (A9)."""

from hashlib import blake2b


def hides(calendar: int, start: int, percent: int) -> bool:
    """Whether ``start`` (epoch seconds) is among the ``percent`` of starts that the calendar does not show.

    A larger share hides the same starts and more. What is hidden can still be booked.
    """
    place = blake2b(f"{calendar}:{start}".encode(), digest_size=8)
    return int.from_bytes(place.digest()) % 100 < percent
