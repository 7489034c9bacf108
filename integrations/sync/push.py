"""Push: bring one remote copy up to date. Level, not edge: what is wanted is asked when the work is done."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings.queries.wanted import wanted_item
from integrations.models import CalendarConfiguration, PendingPush, RemoteCalendar, RemoteCopy
from integrations.models.calendars import CapabilityChoice
from integrations.ports import (
    AccessLost,
    CalendarProvider,
    LoginRefused,
    ProviderError,
    Refused,
    Unreachable,
    WantedEvent,
)
from integrations.sync.backoff import pause_asked_for, wait_after, wait_for
from integrations.sync.claims import claim_push
from integrations.sync.ours import remote_uid_of
from integrations.sync.outcome import note_refused_login, pause
from integrations.sync.writing import LiesElsewhere, Place, remove, write

# so many tries whose worker never came back make a row poison
MOST_UNFINISHED = 3
# how soon a copy that waits for another one to go is looked at again
_AFTER_THE_OTHER = timedelta(seconds=3)
_STOPPED = gettext_noop("Writing this appointment stopped unexpectedly, again and again.")
_UNEXPECTED = gettext_noop("Writing this appointment failed unexpectedly.")
_CALENDAR_GONE = gettext_noop("The calendar is no longer there. Choose another primary calendar.")


def push(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> None:
    """Make the copy equal to the item as it is now. Killed anywhere, it is done again, harmlessly."""
    if not claim_push(pending, now=now):
        return
    if pending.unfinished > MOST_UNFINISHED:
        _park(pending, _STOPPED, now=now)
        return
    try:
        _bring_up_to_date(pending, provider=provider, now=now)
    except LoginRefused as error:
        note_refused_login(pending.remote_calendar.connection, error, now=now)
        _put_back(pending, error=str(error), due_at=now)
    except AccessLost as error:
        _note_read_only(pending.remote_calendar, now=now)
        _park(pending, str(error), now=now)
    except Refused as error:
        _park(pending, str(error), now=now)
    except ProviderError as error:
        _try_again(pending, error, now=now)


def give_up(pending: PendingPush, *, now: datetime) -> None:
    """The try ended in an exception nobody expected: put back, and in the end parked. ``unfinished`` stays."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    parked_at = now if pending.unfinished >= MOST_UNFINISHED else None
    due_at = now + wait_after(pending.attempts)
    claimed.update(claimed_until=None, due_at=due_at, parked_at=parked_at, error=_UNEXPECTED)


def _bring_up_to_date(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> None:
    wanted = _wanted_event(pending)
    if wanted is None:
        _take_away(pending, provider=provider, now=now)
    elif pending.remote_calendar.gone_at is not None:
        _park(pending, _CALENDAR_GONE, now=now)
    elif _another_copy_goes_first(pending):
        _wait_for_the_other(pending, now=now)
    else:
        _put_there(pending, wanted, provider=provider, now=now)


def _wanted_event(pending: PendingPush) -> WantedEvent | None:
    """The item as it should stand in this calendar; None where it must not be."""
    item = wanted_item(pending.uid)
    if item is None or not item.looks_outside:
        return None
    primary_of = CalendarConfiguration.objects.filter(primary=pending.remote_calendar_id, member__in=item.members)
    if not primary_of.exists():
        return None
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
    )


def _another_copy_goes_first(pending: PendingPush) -> bool:
    """iCloud refuses one UID twice in a login: the copy in the former primary is deleted before this is created."""
    waiting = PendingPush.objects.filter(uid=pending.uid, parked_at__isnull=True).exclude(pk=pending.pk)
    copies = RemoteCopy.objects.filter(
        uid=pending.uid, remote_calendar__connection=pending.remote_calendar.connection_id
    )
    return copies.filter(remote_calendar__in=waiting.values("remote_calendar")).exists()


def _put_there(pending: PendingPush, wanted: WantedEvent, *, provider: CalendarProvider, now: datetime) -> None:
    copy, _created = RemoteCopy.objects.get_or_create(
        uid=pending.uid, remote_calendar=pending.remote_calendar, defaults={"remote_uid": wanted.uid}
    )
    try:
        place = _write(pending, copy, wanted, provider=provider)
    except LiesElsewhere:
        if not _has_a_twin(copy, pending.remote_calendar):
            raise
        copy.remote_uid = remote_uid_of(pending.uid, apart=pending.remote_calendar_id)
        copy.save(update_fields=["remote_uid"])
        place = _write(pending, copy, wanted, provider=provider)
    with transaction.atomic(durable=True):
        if _still_ours(pending):
            RemoteCopy.objects.filter(pk=copy.pk).update(url=place.url, etag=place.etag, written_at=now)
            _strike_off(pending, now=now)


def _write(pending: PendingPush, copy: RemoteCopy, wanted: WantedEvent, *, provider: CalendarProvider) -> Place:
    return write(
        replace(wanted, uid=copy.remote_uid),
        Place(copy.url, copy.etag),
        calendar_url=pending.remote_calendar.url,
        provider=provider,
        read_back=pending.attempts > 1,
    )


def _has_a_twin(copy: RemoteCopy, there: RemoteCalendar) -> bool:
    """Whether two hosts use one login: the UID is where the other one's copy lies."""
    home = there.connection.home_url
    others = RemoteCopy.objects.filter(uid=copy.uid, remote_uid=copy.remote_uid).exclude(url="").exclude(pk=copy.pk)
    in_the_login = others.filter(remote_calendar__connection__home_url=home).exclude(remote_calendar__key=there.key)
    return bool(home) and in_the_login.exists()


def _take_away(pending: PendingPush, *, provider: CalendarProvider, now: datetime) -> None:
    copy = RemoteCopy.objects.filter(uid=pending.uid, remote_calendar=pending.remote_calendar).first()
    if copy is not None and pending.remote_calendar.gone_at is None:
        place = Place(copy.url, copy.etag)
        remove(copy.remote_uid, place, calendar_url=pending.remote_calendar.url, provider=provider)
    with transaction.atomic(durable=True):
        if _still_ours(pending):
            RemoteCopy.objects.filter(uid=pending.uid, remote_calendar=pending.remote_calendar).delete()
            _strike_off(pending, now=now)
    # whoever waited for this copy to go need not wait longer; apart, so that nobody waits for two rows at once
    PendingPush.objects.filter(uid=pending.uid, due_at__gt=now).update(due_at=now)


def _still_ours(pending: PendingPush) -> bool:
    """Locks the row; False when another worker has claimed it since, who will then find what we wrote."""
    return PendingPush.objects.select_for_update().filter(pk=pending.pk, fence=pending.fence).exists()


def _strike_off(pending: PendingPush, *, now: datetime) -> None:
    """Done, unless the item changed while we wrote: then the row stays and is due."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    done, _rows = claimed.filter(revision=pending.revision).delete()
    if not done:
        claimed.update(claimed_until=None, due_at=now, attempts=0, unfinished=0, error="")


def _put_back(pending: PendingPush, *, error: str, due_at: datetime) -> None:
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    claimed.update(claimed_until=None, due_at=due_at, unfinished=0, error=error[:300])


def _wait_for_the_other(pending: PendingPush, *, now: datetime) -> None:
    """No try was made, so none is counted."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    due_at = now + _AFTER_THE_OTHER
    claimed.update(claimed_until=None, due_at=due_at, attempts=pending.attempts - 1, unfinished=0)


def _try_again(pending: PendingPush, error: ProviderError, *, now: datetime) -> None:
    """A server that does not answer, or asks to be left alone, is left alone by all pushes of the login."""
    due_at = now + wait_for(error, pending.attempts)
    _put_back(pending, error=str(error), due_at=due_at)
    asked = pause_asked_for(error)
    if asked is not None or isinstance(error, Unreachable):
        pause(pending.remote_calendar.connection, until=due_at, looks_too=asked is not None)


def _park(pending: PendingPush, reason: str, *, now: datetime) -> None:
    """Nothing more is tried until the item, the calendar or its owner's choice changes."""
    claimed = PendingPush.objects.filter(pk=pending.pk, fence=pending.fence)
    claimed.update(claimed_until=None, parked_at=now, unfinished=0, error=reason[:300])


def _note_read_only(remote_calendar: RemoteCalendar, *, now: datetime) -> None:
    RemoteCalendar.objects.filter(pk=remote_calendar.pk).update(
        capability=CapabilityChoice.READ_ONLY, write_refused_at=now
    )
