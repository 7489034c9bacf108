"""What a deletion in the connected calendar means (Y9): the owner's policy, and a brake before many at once."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from availability.services.retry import durable
from bookings.models import Appointment, OwnItem, Who
from bookings.queries.wanted import coming_uids
from bookings.services.cancel import AlreadyClosed, AlreadyOver, ChangedMeanwhile, cancel_appointment
from bookings.services.history import Author
from bookings.services.remove_own_item import remove_own_item
from integrations.models import Decision, OpenQuestion, QuestionKind, RemoteCalendar, RemoteCopy, WhenDeleted
from integrations.models.connection import Connection
from integrations.sync.asking import ask, withdraw
from integrations.sync.copies import CopyAtHand, Hand, There
from integrations.sync.deciding import Reason
from integrations.sync.journal import note
from integrations.sync.standing import leave_out, subject_of, write_again

# more deletions at once than this, in number and in share of the coming appointments there, stop and ask
MANY = 3
LARGE_SHARE = 0.2


def settle_deletion(hand: Hand, copy: CopyAtHand, there: There | None) -> None:
    """The copy was deleted for certain, or is marked as cancelled ``there``."""
    if copy.item is None or copy.is_over(hand.now):
        durable(lambda: _forget(hand, copy))
        return
    marked = durable(lambda: _mark(hand, copy, there))
    if marked is None:
        return
    missing, of = _missing_there(copy.remote, hand.connection, now=hand.now)
    if _is_braked(copy.remote, missing, of):
        durable(lambda: _stop(hand, marked, missing, of))
    else:
        _by_policy(hand, marked)


def _forget(hand: Hand, copy: CopyAtHand) -> None:
    hand.keep()
    RemoteCopy.objects.filter(pk=copy.copy.pk).delete()


def _mark(hand: Hand, copy: CopyAtHand, there: There | None) -> CopyAtHand | None:
    """It counts as missing from now on; ``check_at`` stays until what follows is done."""
    hand.keep()
    facts: dict[str, object] = {"missing_since": copy.copy.missing_since or hand.now}
    if there is not None:
        facts |= {"url": there.url, "etag": there.etag}
    if not copy.changed(**facts):
        return None
    return replace(copy, copy=RemoteCopy.objects.select_related("remote_calendar").get(pk=copy.copy.pk))


def _missing_there(remote: RemoteCalendar, connection: Connection, *, now: datetime) -> tuple[int, int]:
    """How many of the coming items are missing there, and how many have, or had, a copy there."""
    coming = {uid for member in connection.user.memberships.all() for uid in coming_uids(member, now=now)}
    copies = RemoteCopy.objects.filter(remote_calendar=remote, uid__in=coming, left_out_at__isnull=True)
    return copies.filter(missing_since__isnull=False).count(), copies.exclude(url="").count()


def _is_braked(remote: RemoteCalendar, missing: int, of: int) -> bool:
    asked = OpenQuestion.objects.open().filter(kind=QuestionKind.BRAKE, remote_calendar=remote)
    return (missing > MANY and missing > of * LARGE_SHARE) or asked.exists()


def _stop(hand: Hand, copy: CopyAtHand, missing: int, of: int) -> None:
    """One question for all of them; none of them is acted upon."""
    hand.keep()
    if not copy.changed(check_at=None) or copy.member is None:
        return
    facts = {"count": missing, "of": of}
    uids = RemoteCopy.objects.filter(remote_calendar=copy.remote, missing_since__isnull=False)
    single = [subject_of(uid, copy.remote) for uid in uids.values_list("uid", flat=True)]
    withdraw(QuestionKind.DELETED, single, now=hand.now)
    subject = str(copy.remote.pk)
    if ask(QuestionKind.BRAKE, subject, member=copy.member, now=hand.now, remote=copy.remote, facts=facts):
        _note(Decision.BRAKE, hand, copy, **facts)


def _by_policy(hand: Hand, copy: CopyAtHand) -> None:
    policy = hand.connection.on_deletion
    # what concerns nobody but its host need not be asked about
    if policy == WhenDeleted.ASK and copy.is_own_item:
        policy = WhenDeleted.CANCEL
    if policy == WhenDeleted.CANCEL and copy.leads:
        _cancel(hand, copy)
    elif policy == WhenDeleted.IGNORE:
        durable(lambda: _leave_out(hand, copy))
    elif policy == WhenDeleted.ASK:
        durable(lambda: _ask(hand, copy))
    else:
        durable(lambda: _write_again(hand, copy))


def _cancel(hand: Hand, copy: CopyAtHand) -> None:
    """The copy's row goes with the push that this asks for."""
    stood_at = copy.item.starts_at if copy.item else None
    for item in OwnItem.objects.filter(uid=copy.copy.uid):
        remove_own_item(item, now=hand.now)
    for appointment in _appointments(copy):
        with suppress(AlreadyClosed, AlreadyOver, ChangedMeanwhile):
            cancel_appointment(appointment, now=hand.now, by=Author(Who.OUTSIDE, copy.member), stands_at=stood_at)

    def note_it() -> None:
        hand.keep()
        if copy.changed(check_at=None):
            _note(Decision.CANCELLED, hand, copy, **_times(copy))

    durable(note_it)


def _appointments(copy: CopyAtHand) -> QuerySet[Appointment]:
    """The one, or all who have a seat in the session."""
    uid = copy.copy.uid
    active = Appointment.objects.active().select_related("calendar__account", "contact", "host__user")
    one = active.filter(uid=uid, session_uid__isnull=True)
    return one if one.exists() else active.filter(session_uid=uid).order_by("pk")


def _ask(hand: Hand, copy: CopyAtHand) -> None:
    hand.keep()
    if not copy.changed(check_at=None) or copy.member is None:
        return
    kind, facts = QuestionKind.DELETED, _times(copy)
    item, remote = copy.copy.uid, copy.remote
    ask(kind, copy.subject, member=copy.member, now=hand.now, item=item, remote=remote, facts=facts)
    _note(Decision.ASKED, hand, copy, **facts)


def _leave_out(hand: Hand, copy: CopyAtHand) -> None:
    hand.keep()
    if copy.changed(check_at=None):
        leave_out(copy.copy.uid, copy.remote, now=hand.now)
        _note(Decision.LEFT_OUT, hand, copy, **_times(copy))


def _write_again(hand: Hand, copy: CopyAtHand) -> None:
    """By choice; or because nothing else is allowed, and then its host is told."""
    hand.keep()
    if not copy.changed(check_at=None):
        return
    write_again(copy.copy.uid, copy.remote, now=hand.now)
    _note(Decision.WRITTEN_BACK, hand, copy, **_times(copy))
    reason = _why(hand, copy)
    if reason is not None and copy.member is not None:
        facts = {"reason": reason, "reasons": [], "deleted": True, **_times(copy)}
        kind, item = QuestionKind.PUT_BACK, copy.copy.uid
        ask(kind, copy.subject, member=copy.member, now=hand.now, item=item, remote=copy.remote, facts=facts)


def _why(hand: Hand, copy: CopyAtHand) -> Reason | None:
    if hand.connection.is_one_way:
        return Reason.ONE_WAY
    return None if copy.leads else Reason.NOT_LEAD


def _times(copy: CopyAtHand) -> dict[str, object]:
    wanted = copy.wanted
    return {} if wanted is None else {"starts_at": wanted.starts_at.isoformat(), "ends_at": wanted.ends_at.isoformat()}


def _note(decision: Decision, hand: Hand, copy: CopyAtHand, **facts: Any) -> None:
    note(decision, now=hand.now, connection=hand.connection, remote=copy.remote, item=copy.copy.uid, **facts)
