"""Copies that may stand otherwise than we think: looked at, looked for, and only then believed to be deleted (S38)."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from availability.services.retry import durable
from integrations.models import CalendarConfiguration, Decision, PendingPush, RemoteCalendar, RemoteCopy, RemoteEvent
from integrations.models.calendars import CapabilityChoice, readable
from integrations.ports import AccessLost, FetchedEvent, Gone, NotACalendarServer, Refused
from integrations.sync.copies import CopyAtHand, Hand, There, at_hand, there
from integrations.sync.deletions import settle_deletion
from integrations.sync.journal import note
from integrations.sync.settling import settle

# a deletion is believed after two answers so far apart, and as long after our own last write
BETWEEN_ANSWERS = timedelta(minutes=2)
# copies of one login looked at in one look; the others wait for the next
MOST_CHECKS = 100
# how long a calendar that fails keeps deletions in others from being believed
_DOUBTED_AT_MOST = timedelta(days=1)
# how far around its times a copy is searched for in a calendar we do not read
_AROUND = timedelta(days=14)
_ONE_CALENDAR_ONLY = (AccessLost, Gone, NotACalendarServer, Refused)


def settle_due(hand: Hand) -> None:
    """Those of the claimed connection whose time has come. Raises ProviderError for what concerns the whole server."""
    for copy in due_copies(hand)[:MOST_CHECKS]:
        try:
            _settle(hand, at_hand(copy))
        except _ONE_CALENDAR_ONLY:
            _look_again(copy, hand, at=hand.now + BETWEEN_ANSWERS)


def due_copies(hand: Hand) -> QuerySet[RemoteCopy]:
    """Not while a push is at it, nor in a calendar that is not there: what is not there deletes nothing."""
    at_work = PendingPush.objects.filter(claimed_until__gt=Now(), uid=F("uid"))
    due = RemoteCopy.objects.filter(
        remote_calendar__connection=hand.connection,
        remote_calendar__gone_at__isnull=True,
        remote_calendar__unlisted_at__isnull=True,
        left_out_at__isnull=True,
        check_at__lte=hand.now,
    )
    due = due.exclude(Q(uid__in=at_work.values("uid")) & Q(remote_calendar__in=at_work.values("remote_calendar")))
    return due.select_related("remote_calendar").order_by("check_at", "pk")


def _settle(hand: Hand, copy: CopyAtHand) -> None:
    event = _mirrored(copy)
    if event is not None and _is_after_our_write(event, copy.copy, hand):
        seen = hand.provider.describe(event.reduced, uid=event.uid, zone=hand.zone)
        settle(hand, copy, There(event.url, event.etag, seen))
        return
    found = hand.provider.read(copy.copy.url) if copy.copy.url else None
    if found is None or found.uid not in {copy.copy.remote_uid, ""}:
        _settle_missing(hand, copy)
    elif found.etag and found.etag == copy.copy.former_etag:
        # an answer from before our own write
        _look_again(copy.copy, hand, at=hand.now + BETWEEN_ANSWERS)
    else:
        settle(hand, copy, there(found, copy.copy, hand))


def _is_after_our_write(event: RemoteEvent, row: RemoteCopy, hand: Hand) -> bool:
    """Servers may answer for a while as if we had not written yet. Without etags only time tells."""
    if event.etag:
        return event.etag != row.former_etag
    return row.written_at is None or hand.now - row.written_at >= BETWEEN_ANSWERS


def _mirrored(copy: CopyAtHand) -> RemoteEvent | None:
    """The object as it was read; of several with this identity the one in its place."""
    events = list(copy.remote.events.filter(item_uid=copy.copy.uid).order_by("pk"))
    return next((event for event in events if event.url == copy.copy.url), events[0] if events else None)


def _settle_missing(hand: Hand, copy: CopyAtHand) -> None:
    row = copy.copy
    if not row.url:
        # never written: a push is to come
        _look_again(row, hand, at=None)
    elif (elsewhere := _elsewhere(copy, hand)) is not None:
        _adopt(hand, copy, elsewhere)
    elif row.written_at is not None and hand.now - row.written_at < BETWEEN_ANSWERS:
        _look_again(row, hand, at=row.written_at + BETWEEN_ANSWERS)
    elif row.missing_since is None:
        durable(lambda: _note_missing(hand, copy))
    elif hand.now - row.missing_since < BETWEEN_ANSWERS:
        _look_again(row, hand, at=row.missing_since + BETWEEN_ANSWERS)
    elif _may_lie_unseen(hand):
        _look_again(row, hand, at=hand.now + BETWEEN_ANSWERS)
    elif (found := _in_calendars_not_read(hand, copy)) is not None:
        _adopt(hand, copy, found)
    else:
        settle_deletion(hand, copy, None)


def _note_missing(hand: Hand, copy: CopyAtHand) -> None:
    hand.keep()
    again = hand.now + BETWEEN_ANSWERS
    if copy.changed(missing_since=hand.now, check_at=again) and copy.item is not None and not copy.is_over(hand.now):
        note(
            Decision.MISSING,
            now=hand.now,
            connection=hand.connection,
            remote=copy.remote,
            item=copy.copy.uid,
            retry_at=again,
        )


def _elsewhere(copy: CopyAtHand, hand: Hand) -> tuple[RemoteCalendar, There] | None:
    """In another calendar of this user that we read: they moved it there (S40)."""
    events = RemoteEvent.objects.filter(
        item_uid=copy.copy.uid,
        uid=copy.copy.remote_uid,
        remote_calendar__connection__user=hand.connection.user_id,
        remote_calendar__gone_at__isnull=True,
    )
    event = events.exclude(remote_calendar=copy.remote).select_related("remote_calendar__connection").first()
    if event is None or _has_a_copy(event.remote_calendar, copy):
        return None
    seen = hand.provider.describe(event.reduced, uid=event.uid, zone=hand.zone)
    return event.remote_calendar, There(event.url, event.etag, seen)


def _may_lie_unseen(hand: Hand) -> bool:
    """A calendar its owner uses cannot be read just now: the copy may have been moved there."""
    failing = RemoteCalendar.objects.filter(readable(), connection__user=hand.connection.user_id)
    return failing.filter(source__failing_since__gt=hand.now - _DOUBTED_AT_MOST).exists()


def _in_calendars_not_read(hand: Hand, copy: CopyAtHand) -> tuple[RemoteCalendar, There] | None:
    """In a calendar of this login that nobody has us read. A search that fails leaves the question open."""
    # it lies there as it was when it was carried off: as we wrote it last, or moved since
    spans = [span for span in (copy.wanted, copy.last_span) if span is not None]
    if copy.wanted is None:
        return None
    start, end = min(span.starts_at for span in spans) - _AROUND, max(span.ends_at for span in spans) + _AROUND
    others = RemoteCalendar.objects.filter(readable(), connection=hand.connection, source__isnull=True)
    for remote in others.exclude(pk=copy.remote.pk).order_by("pk"):
        found = _search(hand, remote, copy.copy.remote_uid, start, end)
        if found is not None and not _has_a_copy(remote, copy):
            return remote, there(found, copy.copy, hand)
    return None


def _search(hand: Hand, remote: RemoteCalendar, uid: str, start: datetime, end: datetime) -> FetchedEvent | None:
    """A calendar that cannot be searched holds nothing as far as we know: we do not write to it."""
    try:
        return hand.provider.find_uid(remote.url, uid, start=start, end=end)
    except _ONE_CALENDAR_ONLY:
        return None


def _has_a_copy(remote: RemoteCalendar, copy: CopyAtHand) -> bool:
    return RemoteCopy.objects.filter(uid=copy.copy.uid, remote_calendar=remote).exists()


def _adopt(hand: Hand, copy: CopyAtHand, elsewhere: tuple[RemoteCalendar, There]) -> None:
    """The copy goes where its owner moved it, if it can be written there; then it is settled like any other."""
    remote, place = elsewhere
    durable(lambda: _note_elsewhere(hand, copy, remote, place))
    moved = RemoteCopy.objects.select_related("remote_calendar").get(pk=copy.copy.pk)
    if moved.remote_calendar_id == remote.pk and remote.connection_id == hand.connection.pk:
        settle(hand, at_hand(moved), place)


def _note_elsewhere(hand: Hand, copy: CopyAtHand, remote: RemoteCalendar, place: There) -> None:
    hand.keep()
    stands_in_for = _primary_it_stands_for(copy)
    if remote.capability != CapabilityChoice.WRITE or stands_in_for is None:
        copy.changed(check_at=None, left_out_at=hand.now)
        return
    facts = {"remote_calendar": remote, "stands_in_for": stands_in_for, "url": place.url, "etag": ""}
    if copy.changed(**facts, missing_since=None, check_at=hand.now):
        PendingPush.objects.filter(uid=copy.copy.uid, remote_calendar=copy.remote).delete()
        note(
            Decision.ELSEWHERE,
            now=hand.now,
            connection=hand.connection,
            remote=remote,
            item=copy.copy.uid,
            former=copy.remote.name,
        )


def _primary_it_stands_for(copy: CopyAtHand) -> RemoteCalendar | None:
    """The primary calendar it was written to first; None when that is no primary any more."""
    former = copy.copy.stands_in_for or copy.remote
    is_primary = CalendarConfiguration.objects.filter(member=copy.member, primary=former) if copy.member else None
    return former if is_primary is not None and is_primary.exists() else None


def _look_again(row: RemoteCopy, hand: Hand, *, at: datetime | None) -> None:
    def look_again() -> None:
        hand.keep()
        RemoteCopy.objects.filter(pk=row.pk, written_at=row.written_at).update(check_at=at)

    durable(look_again)
