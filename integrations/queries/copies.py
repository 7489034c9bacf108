"""Where the copies of an item lie, and whether they are in step, for the pages of My Calendar."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from bookings.ports import CopyPlace, CopyState
from integrations.models import PendingPush, RemoteCalendar, RemoteCopy

_RELATED = ("remote_calendar__connection__user",)


def copies_of(uid: UUID, now: datetime) -> Sequence[CopyPlace]:
    """One for each remote calendar that has a copy of the item or waits for one; two queries."""
    pending = {one.remote_calendar_id: one for one in PendingPush.objects.filter(uid=uid).select_related(*_RELATED)}
    copies = {one.remote_calendar_id: one for one in RemoteCopy.objects.filter(uid=uid).select_related(*_RELATED)}
    places = {pk: one.remote_calendar for pk, one in (pending | copies).items()}
    found = (_place(places[pk], copies.get(pk), pending.get(pk), now) for pk in places)
    return sorted((one for one in found if one), key=lambda place: (place.whose, place.calendar))


def _place(
    remote: RemoteCalendar, copy: RemoteCopy | None, push: PendingPush | None, now: datetime
) -> CopyPlace | None:
    state = next(_states(remote, copy, push, now), None)
    if state is None:
        return None
    connection = remote.connection
    return CopyPlace(
        user_id=connection.user_id,
        whose=str(connection.user),
        where=connection.where,
        calendar=remote.name,
        state=state,
        at=_at(state, copy, push),
        page=reverse(_MENDED[state]) if state in _MENDED else "",
    )


def _states(
    remote: RemoteCalendar, copy: RemoteCopy | None, push: PendingPush | None, now: datetime
) -> Iterator[CopyState]:
    """What is worst first; none for what was taken away there, as it should be."""
    connection = remote.connection
    if push and push.parked_at:
        yield CopyState.STUCK
    if push and (not connection.is_working or connection.refused_at):
        yield CopyState.HELD_UP
    if copy and copy.left_out_at:
        yield CopyState.LEFT_OUT
    if push:
        yield CopyState.WAITING
    if copy and copy.missing_since:
        yield CopyState.MISSING
    if copy and copy.check_at and copy.check_at <= now:
        yield CopyState.CHECKED
    if copy and copy.url:
        yield CopyState.IN_STEP


def _at(state: CopyState, copy: RemoteCopy | None, push: PendingPush | None) -> datetime | None:
    if state == CopyState.WAITING and push:
        return push.due_at
    return copy.written_at if copy else None


_MENDED = {
    CopyState.STUCK: "integrations:attention",
    CopyState.HELD_UP: "integrations:integrations",
    CopyState.MISSING: "integrations:attention",
}
