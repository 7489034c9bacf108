"""What stands behind the seats of a class."""

from uuid import UUID

from availability.models import ClassSession


def session_of(uid: UUID) -> ClassSession | None:
    """The session with this uid, with its calendar; None when it is gone or never was."""
    return ClassSession.objects.select_related("calendar__account").filter(uid=uid).first()
