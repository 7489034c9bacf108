"""Push: bring one remote copy up to date. Level, not edge: what is wanted is asked when the work is done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings.queries.wanted import WantedItem, wanted_item
from integrations.models import Decision, PendingPush, QuestionKind, RemoteCalendar, RemoteCopy
from integrations.ports import (
    AccessLost,
    CalendarProvider,
    FetchedEvent,
    LoginRefused,
    ProviderError,
    Refused,
    WantedEvent,
)
from integrations.sync.claims import ClaimLost, claim_push
from integrations.sync.copies import Hand, at_hand, is_wanted_in, left_as, span_of, there
from integrations.sync.deciding import stands_as
from integrations.sync.journal import note
from integrations.sync.ours import remote_uid_of
from integrations.sync.outcome import note_refused_login
from integrations.sync.own_copies import adopt_carried
from integrations.sync.push_rows import (
    MOST_UNFINISHED,
    STOPPED,
    demand_ours,
    give_up,
    note_read_only,
    park,
    put_back,
    still_ours,
    strike_off,
    try_again,
    wait,
)
from integrations.sync.settling import MOST_PUT_BACKS, settle
from integrations.sync.writing import LiesElsewhere, NotThere, Place, StandsOtherwise, remove, write
from integrations.sync.written import dumped, loaded, tried_in, with_try

__all__ = ["give_up", "needs_no_writing", "push"]

# a server that goes on saying that it has the identity elsewhere gets another one
_TRIES_BEFORE_ANOTHER_UID = 3
# settlings of what was found there, within one push
_ROUNDS = 3
# how soon a copy that waits for another one to go is looked at again
_AFTER_THE_OTHER = timedelta(seconds=3)
# how long a copy that was not found is looked for before anything is written
_WHILE_LOOKED_FOR = timedelta(minutes=2)
_CALENDAR_GONE = gettext_noop("The calendar is no longer there. Choose another primary calendar.")


def push(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> None:
    """Make the copy equal to the item as it is now. Killed anywhere, it is done again, harmlessly."""
    if not claim_push(pending, now=now):
        return
    if pending.unfinished > MOST_UNFINISHED:
        park(pending, STOPPED, now=now)
        return
    try:
        _bring_up_to_date(pending, provider=provider, now=now)
    except ClaimLost:
        return
    except LoginRefused as error:
        note_refused_login(pending.remote_calendar.connection, error, now=now)
        put_back(pending, error=str(error), due_at=now)
    except AccessLost as error:
        note_read_only(pending.remote_calendar, now=now)
        park(pending, str(error), now=now, kind=QuestionKind.NOT_WRITABLE)
    except Refused as error:
        park(pending, str(error), now=now)
    except ProviderError as error:
        try_again(pending, error, now=now)


def _bring_up_to_date(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> None:
    for _round in range(_ROUNDS):
        if _is_up_to_date(pending, provider=provider, now=now):
            return
        # what was found there has been settled: written over that version now, or left as it is
        pending.refresh_from_db(fields=["revision"])
    put_back(pending, error="", due_at=now + _WHILE_LOOKED_FOR)


def _is_up_to_date(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> bool:
    """Whether there is nothing more to do for now."""
    item, remote = wanted_item(pending.uid), pending.remote_calendar
    copy = RemoteCopy.objects.filter(uid=pending.uid, remote_calendar=remote).first()
    if item is None or not is_wanted_in(remote, item, copy):
        _take_away(pending, copy, provider=provider, now=now)
    elif needs_no_writing(remote, item, copy):
        _strike_off(pending, now=now)
    elif remote.gone_at is not None:
        park(pending, _CALENDAR_GONE, now=now, kind=QuestionKind.NOT_WRITABLE)
    elif _another_copy_goes_first(pending):
        wait(pending, until=now + _AFTER_THE_OTHER)
    else:
        return _put_there(pending, _event(item), provider=provider, now=now)
    return True


def _event(item: WantedItem) -> WantedEvent:
    return WantedEvent(
        uid=remote_uid_of(item.uid),
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        title=item.title,
        description=item.description,
        location=item.location,
        tentative=item.tentative,
        sequence=item.sequence,
        changed_at=item.changed_at,
        free=item.free,
        days=item.days,
    )


def needs_no_writing(remote: RemoteCalendar, item: WantedItem, copy: RemoteCopy | None) -> bool:
    """Its owner moved it into another calendar, has it left out, or is asked what shall become of it."""
    is_missing = copy is not None and bool(copy.url) and copy.missing_since is not None
    if copy is not None and (copy.left_out_at or is_missing or copy.put_backs > MOST_PUT_BACKS):
        return True
    return RemoteCopy.objects.filter(uid=item.uid, stands_in_for=remote).exclude(remote_calendar=remote).exists()


def _another_copy_goes_first(pending: PendingPush) -> bool:
    """iCloud refuses one UID twice in a login: the copy in the former primary is deleted before this is created."""
    waiting = PendingPush.objects.filter(uid=pending.uid, parked_at__isnull=True).exclude(pk=pending.pk)
    copies = RemoteCopy.objects.filter(
        uid=pending.uid, remote_calendar__connection=pending.remote_calendar.connection_id
    )
    return copies.filter(remote_calendar__in=waiting.values("remote_calendar")).exists()


def _put_there(pending: PendingPush, wanted: WantedEvent, *, provider: CalendarProvider, now: datetime) -> bool:
    """False when it stood otherwise than we left it and was settled instead."""
    copy, _created = RemoteCopy.objects.select_related("remote_calendar__connection__user").get_or_create(
        uid=pending.uid, remote_calendar=pending.remote_calendar, defaults={"remote_uid": wanted.uid}
    )
    was_there = bool(copy.url)
    hand = _hand(pending, provider, now)
    try:
        try:
            place = _write(pending, copy, wanted, hand)
        except LiesElsewhere:
            if pending.attempts < _TRIES_BEFORE_ANOTHER_UID and not _has_a_twin(copy, pending.remote_calendar):
                raise
            copy.remote_uid = remote_uid_of(pending.uid, apart=pending.remote_calendar_id)
            copy.save(update_fields=["remote_uid"])
            place = _write(pending, copy, wanted, hand)
    except StandsOtherwise as seen:
        settle(hand, at_hand(copy), there(seen.found, copy, hand))
        return False
    except NotThere:
        RemoteCopy.objects.filter(pk=copy.pk, written_at=copy.written_at).update(check_at=now)
        wait(pending, until=now + _WHILE_LOOKED_FOR)
        return True
    _note_written(pending, copy, wanted, place, Decision.REPLACED if was_there else Decision.CREATED, now=now)
    return True


def _hand(pending: PendingPush, provider: CalendarProvider, now: datetime) -> Hand:
    connection = pending.remote_calendar.connection
    zone = ZoneInfo(str(connection.user.time_zone))
    return Hand(connection, provider, zone, now, keep=lambda: demand_ours(pending))


def _write(pending: PendingPush, copy: RemoteCopy, wanted: WantedEvent, hand: Hand) -> Place:
    wanted, written = replace(wanted, uid=copy.remote_uid), loaded(copy.written)
    _note_try(pending, copy, wanted)

    def left(found: FetchedEvent) -> WantedEvent | None:
        ours = left_as(copy, there(found, copy, hand).seen, hand.zone)
        if ours is None and written is not None:
            raise StandsOtherwise(found)
        return ours

    return write(
        wanted,
        Place(copy.url, copy.etag, written),
        calendar_url=pending.remote_calendar.url,
        provider=hand.provider,
        read_back=pending.attempts > 1,
        left=left,
        holds=lambda found: stands_as(there(found, copy, hand).seen, span_of(wanted, hand.zone)),
    )


def _note_try(pending: PendingPush, copy: RemoteCopy, wanted: WantedEvent) -> None:
    """Before it is made: should nobody learn how it ended, what it left there is still known for ours."""
    with transaction.atomic(durable=True):
        demand_ours(pending)
        RemoteCopy.objects.filter(pk=copy.pk).update(written=with_try(copy.written, wanted))
    copy.refresh_from_db(fields=["written"])


def _note_written(
    pending: PendingPush, copy: RemoteCopy, wanted: WantedEvent, place: Place, decision: Decision, *, now: datetime
) -> None:
    facts = {"starts_at": wanted.starts_at.isoformat(), "ends_at": wanted.ends_at.isoformat()}
    with transaction.atomic(durable=True):
        demand_ours(pending)
        RemoteCopy.objects.filter(pk=copy.pk).update(
            url=place.url,
            etag=place.etag,
            former_etag=copy.etag,
            missing_since=None,
            written=dumped(replace(wanted, uid=copy.remote_uid)),
            written_at=now,
        )
        strike_off(pending, now=now)
        _note(decision, pending, now=now, **facts)


def _has_a_twin(copy: RemoteCopy, there: RemoteCalendar) -> bool:
    """Whether two hosts use one login: the UID is where the other one's copy lies."""
    home = there.connection.home_url
    others = RemoteCopy.objects.filter(uid=copy.uid, remote_uid=copy.remote_uid).exclude(url="").exclude(pk=copy.pk)
    in_the_login = others.filter(remote_calendar__connection__home_url=home).exclude(remote_calendar__key=there.key)
    return bool(home) and in_the_login.exists()


def _take_away(pending: PendingPush, copy: RemoteCopy | None, *, provider: CalendarProvider, now: datetime) -> None:
    was_written = copy is not None and copy.left_out_at is None and pending.remote_calendar.gone_at is None
    if copy is not None and was_written:
        place = Place(copy.url, copy.etag)
        was_there = remove(copy.remote_uid, place, calendar_url=pending.remote_calendar.url, provider=provider)
        if not was_there and _may_still_arrive(copy, now=now):
            RemoteCopy.objects.filter(pk=copy.pk, missing_since__isnull=True).update(missing_since=now)
            wait(pending, until=now + _WHILE_LOOKED_FOR)
            return
    with transaction.atomic(durable=True):
        demand_ours(pending)
        RemoteCopy.objects.filter(uid=pending.uid, remote_calendar=pending.remote_calendar).delete()
        strike_off(pending, now=now)
        adopt_carried(pending.uid, pending.remote_calendar, now=now)
        if copy is not None and copy.url:
            _note(Decision.REMOVED, pending, now=now)
    # whoever waited for this copy to go need not wait longer; apart, so that nobody waits for two rows at once
    PendingPush.objects.filter(uid=pending.uid, due_at__gt=now).update(due_at=now)


def _may_still_arrive(copy: RemoteCopy, *, now: datetime) -> bool:
    """A try of which nobody knows how it ended: what is not there now is looked for once more, later."""
    is_unknown = not copy.url and bool(tried_in(copy.written))
    return is_unknown and (copy.missing_since is None or now - copy.missing_since < _WHILE_LOOKED_FOR)


def _strike_off(pending: PendingPush, *, now: datetime) -> None:
    with transaction.atomic(durable=True):
        if still_ours(pending):
            strike_off(pending, now=now)


def _note(decision: Decision, pending: PendingPush, *, now: datetime, **facts: Any) -> None:
    remote = pending.remote_calendar
    note(decision, now=now, connection=remote.connection, remote=remote, item=pending.uid, **facts)
