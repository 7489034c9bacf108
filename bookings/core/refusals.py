"""Which reasons against a time everybody may know. Why a host is not free is nobody's business but theirs (P4)."""

from collections.abc import Iterable

from availability.core.rules import ReasonCode

# what the clock and the calendar say anyway, in the order in which they are told
_SAYS_ITSELF = (
    ReasonCode.PAST,
    ReasonCode.NOTICE,
    ReasonCode.HORIZON,
    ReasonCode.INACTIVE,
    ReasonCode.NO_HOST,
)
# opening hours can be read off the page
_HOURS = frozenset((ReasonCode.HOURS, ReasonCode.DURATION, ReasonCode.OVERRIDE, ReasonCode.CLOSED, ReasonCode.HOLIDAY))


def public_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes as told to customers, the weightiest first; never empty.

    Whatever takes a host's time (an appointment, an event, a buffer, a limit, a calendar that cannot be read) is
    BOOKED, but for a class without a seat left. Hours are told only when nobody could have been there at all; that
    all of several hosts are needed says nothing of its own.
    """
    given = {ReasonCode(code) for code in codes}
    told = [code for code in _SAYS_ITSELF if code in given]
    if told:
        return tuple(code.value for code in told)
    if ReasonCode.SEATS in given:
        return (ReasonCode.SEATS.value,)
    if given & _HOURS and given <= _HOURS | {ReasonCode.COLLECTIVE}:
        return (ReasonCode.HOURS.value,)
    return (ReasonCode.BOOKED.value,)
