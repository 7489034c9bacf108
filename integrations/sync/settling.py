"""Settling a copy that was changed outside (Y9, Y10): one outcome, told once, whatever happens meanwhile."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from availability.services.retry import durable
from bookings.models import Appointment, OwnItem, Who
from bookings.services.change_own_item import ItemRemoved, change_own_item
from bookings.services.history import Author
from bookings.services.reschedule import (
    AlreadyClosed,
    AlreadyOver,
    ChangedMeanwhile,
    SlotTaken,
    reschedule_appointment,
)
from integrations.models import Decision, QuestionKind
from integrations.sync.asking import ask, withdraw
from integrations.sync.copies import CopyAtHand, Hand, There, left_as
from integrations.sync.deciding import Decided, Reason, Span, Step, decide
from integrations.sync.deletions import settle_deletion
from integrations.sync.journal import note
from integrations.sync.outbox import ask_for_push_of
from integrations.sync.written import dumped, tried_in

# a copy put back so often within a day is left as its server has it, and its host is asked
MOST_PUT_BACKS = 3
PUT_BACKS_WITHIN = timedelta(days=1)
RESTLESS = "restless"
_TOO_LATE = (AlreadyClosed, AlreadyOver, ChangedMeanwhile)


def settle(hand: Hand, copy: CopyAtHand, there: There) -> Step:
    """Bring about what ``decide`` says; what was decided. Killed anywhere, it is decided again, to the same end."""
    appointment = None if copy.is_own_item else _appointment(copy)
    is_session = copy.item is not None and not copy.is_own_item and appointment is None
    situation = copy.situation(there.seen, connection=hand.connection, now=hand.now, is_session=is_session)
    decided = decide(situation)
    if decided.step == Step.MOVE and decided.span is not None:
        if appointment is not None:
            _move(hand, copy, appointment, there, decided.span)
        else:
            _move_own_item(hand, copy, there, decided.span)
    if decided.step == Step.DELETED:
        settle_deletion(hand, copy, there)
    elif decided.step == Step.PUT_BACK:
        durable(lambda: _put_back(hand, copy, there, decided, ()))
    elif decided.step in {Step.LEAVE, Step.WRITE, Step.REMOVE}:
        durable(lambda: _accept(hand, copy, there, decided.step))
    return decided.step


def _appointment(copy: CopyAtHand) -> Appointment | None:
    """None for a class session: what stands there is not one customer's."""
    related = ("calendar__account", "contact", "host__user")
    return Appointment.objects.select_related(*related).filter(uid=copy.copy.uid, session_uid__isnull=True).first()


def _accept(hand: Hand, copy: CopyAtHand, there: There, step: Step) -> None:
    """It stands as we left it, or ours moved on meanwhile: from now on this is the version known."""
    hand.keep()
    was_missing = copy.copy.missing_since is not None
    facts = {"url": there.url, "etag": there.etag, "written": _as_found(hand, copy, there)}
    if not copy.changed(**facts, missing_since=None, check_at=None):
        return
    withdraw(QuestionKind.DELETED, [copy.subject], now=hand.now)
    if was_missing:
        _note(Decision.FOUND_AGAIN, hand, copy)
    elif step == Step.LEAVE and there.etag != copy.copy.etag and not copy.is_over(hand.now):
        _note(Decision.NOTES_KEPT, hand, copy)
    if step != Step.LEAVE or was_missing:
        ask_for_push_of(copy.copy.uid, copy.remote.pk, now=hand.now)


def _move(hand: Hand, copy: CopyAtHand, appointment: Appointment, there: There, span: Span) -> None:
    """The appointment follows its copy. What is not allowed is put back."""
    if copy.item is None:
        return
    stood_at = appointment.starts_at
    try:
        reschedule_appointment(
            appointment,
            starts_at=span.starts_at,
            now=hand.now,
            by=Author(Who.OUTSIDE, copy.member),
            host=None if len(copy.item.members) > 1 else appointment.host,
            stands_at=copy.item.starts_at,
        )
    except SlotTaken as refused:
        codes = sorted({reason.code.value for reason in refused.reasons})
        decided = Decided(Step.PUT_BACK, Reason.NOT_ALLOWED, span)
        durable(lambda: _put_back(hand, copy, there, decided, codes))
    except _TOO_LATE:
        return
    else:
        durable(lambda: _follow(hand, copy, there, stood_at, span))


def _move_own_item(hand: Hand, copy: CopyAtHand, there: There, span: Span) -> None:
    """What a member put there without a customer goes wherever they take it."""
    item = OwnItem.objects.get(uid=copy.copy.uid)
    stood_at = item.starts_at
    with suppress(ItemRemoved):
        change_own_item(item, now=hand.now, starts_at=span.starts_at, ends_at=span.ends_at)
        durable(lambda: _follow(hand, copy, there, stood_at, span))


def _follow(hand: Hand, copy: CopyAtHand, there: There, stood_at: datetime, span: Span) -> None:
    hand.keep()
    seen = {"url": there.url, "etag": there.etag, "written": _as_moved(copy, span)}
    copy.changed(**seen, check_at=None, missing_since=None)
    withdraw(QuestionKind.PUT_BACK, [copy.subject], now=hand.now)
    facts = {"from": stood_at.isoformat(), "starts_at": span.starts_at.isoformat(), "ends_at": span.ends_at.isoformat()}
    _note(Decision.MOVED, hand, copy, **facts)


def _put_back(hand: Hand, copy: CopyAtHand, there: There, decided: Decided, reasons: Iterable[str]) -> None:
    """Written again as it should stand, over the version seen; so often and no more."""
    hand.keep()
    recent = copy.copy.written_at is not None and hand.now - copy.copy.written_at < PUT_BACKS_WITHIN
    times = copy.copy.put_backs + 1 if recent else 1
    seen = {"url": there.url, "etag": there.etag, "written": _as_moved(copy, decided.span)}
    if not copy.changed(**seen, put_backs=times, check_at=None, missing_since=None):
        return
    is_restless = times > MOST_PUT_BACKS
    reason = RESTLESS if is_restless else str(decided.reason)
    facts: dict[str, object] = {"reason": reason, "reasons": list(reasons), **_times(copy, decided.span)}
    if not is_restless:
        ask_for_push_of(copy.copy.uid, copy.remote.pk, now=hand.now)
    tell_put_back(hand, copy, facts)


def tell_put_back(hand: Hand, copy: CopyAtHand, facts: dict[str, object]) -> None:
    """Within the transaction that puts it back."""
    if copy.member is not None:
        kind, subject = QuestionKind.PUT_BACK, copy.subject
        ask(kind, subject, member=copy.member, now=hand.now, item=copy.copy.uid, remote=copy.remote, facts=facts)
    _note(Decision.PUT_BACK, hand, copy, **facts)


def _as_found(hand: Hand, copy: CopyAtHand, there: There) -> str:
    """What lies there now, where it tells how a try ended. The try itself may still be under way."""
    found = left_as(copy.copy, there.seen, hand.zone)
    return copy.copy.written if found is None else dumped(found, tried_in(copy.copy.written))


def _as_moved(copy: CopyAtHand, span: Span | None) -> str:
    """What lies there now: what we wrote, at the time it was moved to."""
    written = copy.written
    if written is None or span is None:
        return copy.copy.written
    if written.days is not None or span.all_day:
        return copy.copy.written
    return dumped(replace(written, starts_at=span.starts_at, ends_at=span.ends_at))


def _times(copy: CopyAtHand, span: Span | None) -> dict[str, str]:
    """Where it stands, and where it was moved."""
    wanted = copy.wanted
    stands = {"starts_at": wanted.starts_at, "ends_at": wanted.ends_at} if wanted else {}
    moved = {"there_starts_at": span.starts_at, "there_ends_at": span.ends_at} if span else {}
    return {name: at.isoformat() for name, at in (stands | moved).items()}


def _note(decision: Decision, hand: Hand, copy: CopyAtHand, **facts: Any) -> None:
    note(decision, now=hand.now, connection=hand.connection, remote=copy.remote, item=copy.copy.uid, **facts)
