"""What keeps simple robots from booking: a field that people do not see, and the moment the form was opened."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

SOONEST = timedelta(seconds=1)
LONGEST = timedelta(days=1)
_SALT = "bookings.forms.robots"


def opened_at(now: datetime) -> str:
    """The moment, signed: what a form carries along."""
    return Signer(salt=_SALT).sign(str(int(now.timestamp() * 1000)))


def explain_opening(opened: str, *, now: datetime) -> None:
    """ValidationError "quick" if the form was sent at once; "stale" if that was a day ago, or nobody knows when."""
    try:
        at = datetime.fromtimestamp(int(Signer(salt=_SALT).unsign(opened)) / 1000, tz=UTC)
    except (BadSignature, ValueError, OverflowError):
        at = None
    if at is None or now - at > LONGEST:
        message = _("This form was open for long. Please look at your details and send them again.")
        raise ValidationError(message, code="stale")
    if now - at < SOONEST:
        message = _("That was very quick. Please look at your details and send them again.")
        raise ValidationError(message, code="quick")
