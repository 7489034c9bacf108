"""What becomes of a copy that is not where it was: written again, or left out. Within the caller's transaction."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import RemoteCalendar, RemoteCopy
from integrations.sync.outbox import ask_for_push


def write_again(uid: UUID, remote: RemoteCalendar, *, now: datetime) -> None:
    """It is created anew, at the address fixed for it."""
    _copy(uid, remote).update(
        url="", etag="", former_etag="", missing_since=None, check_at=None, left_out_at=None, put_backs=0
    )
    ask_for_push(uid, now=now)


def leave_out(uid: UUID, remote: RemoteCalendar, *, now: datetime) -> None:
    """The item stands, without a copy there, whatever changes about it."""
    _copy(uid, remote).update(url="", etag="", former_etag="", missing_since=None, check_at=None, left_out_at=now)


def subject_of(uid: UUID, remote: RemoteCalendar) -> str:
    """What a question about a copy is known by."""
    return f"{uid}:{remote.pk}"


def _copy(uid: UUID, remote: RemoteCalendar) -> QuerySet[RemoteCopy]:
    return RemoteCopy.objects.filter(uid=uid, remote_calendar=remote)
