"""What a customer is told when a time cannot be had: one sentence for each reason they may know."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from availability.core.rules import ReasonCode
from bookings.core.refusals import public_codes


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` as in A10, a heading and a sentence."""

    code: str
    heading: str | Promise
    sentence: str | Promise


_TAKEN = Refusal(ReasonCode.BOOKED, _("Somebody was a moment faster."), _("That time has just been taken."))
_REFUSALS = {
    refusal.code: refusal
    for refusal in (
        _TAKEN,
        Refusal(ReasonCode.SEATS, _("This class is full."), _("The last seat at that time has been taken.")),
        Refusal(ReasonCode.PAST, _("This time is over."), _("That time has already begun or passed.")),
        Refusal(ReasonCode.NOTICE, _("This time is too soon."), _("That time is too soon to be booked on this page.")),
        Refusal(
            ReasonCode.HORIZON, _("This time is too far ahead."), _("That time is too far ahead to be booked yet.")
        ),
        Refusal(ReasonCode.HOURS, _("Nobody is there at this time."), _("That time is outside the hours on offer.")),
        Refusal(
            ReasonCode.INACTIVE, _("Nothing can be booked here now."), _("This page takes no bookings at present.")
        ),
        Refusal(
            ReasonCode.NO_HOST, _("Nobody is there at this time."), _("Nobody takes bookings on this page at present.")
        ),
    )
}


def refusals(codes: Iterable[str]) -> tuple[Refusal, ...]:
    """The refusals for these reason codes, the weightiest first; private reasons all read "just been taken"."""
    return tuple(_REFUSALS[code] for code in public_codes(codes))
