"""The customer's key to their own appointment: derived, never stored.

uid (16 bytes) and HMAC-SHA-256 over uid and token version (32 bytes), as 64 characters that need no quoting in a URL.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from bookings.models import Appointment

OPEN_AFTER_THE_END = timedelta(days=30)
_SHAPE = re.compile(r"[A-Za-z0-9_-]{64}")
_SALT = "bookings.tokens.manage"


def manage_token(appointment: Appointment) -> str:
    """What opens the page of this appointment, until its token version moves on or it is long over."""
    code = _code(appointment.uid, appointment.token_version, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(appointment.uid.bytes + code).decode("ascii")


def appointment_by_token(token: str, *, now: datetime) -> Appointment | None:
    """The appointment this token opens; None for a made-up, altered or outdated one, and thirty days after the end."""
    uid, code = _split(token)
    if uid is None:
        return None
    appointment = Appointment.objects.select_related("calendar__account", "contact", "host__user").filter(uid=uid)
    found = appointment.first()
    # a code is reckoned in either case, so that the time taken does not tell whether the uid exists
    version = found.token_version if found else 0
    if not _fits(uid, version, code) or found is None:
        return None
    return found if now < found.ends_at + OPEN_AFTER_THE_END else None


def _split(token: str) -> tuple[UUID | None, bytes]:
    if not _SHAPE.fullmatch(token):
        return None, b""
    try:
        content = base64.urlsafe_b64decode(token)
    except binascii.Error:
        return None, b""
    return UUID(bytes=content[:16]), content[16:]


def _fits(uid: UUID, version: int, code: bytes) -> bool:
    keys: Iterable[str] = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(_code(uid, version, key), code) for key in keys)


def _code(uid: UUID, version: int, secret: str) -> bytes:
    return salted_hmac(_SALT, f"{uid.hex}:{version}", secret=secret, algorithm="sha256").digest()
