"""Busy sources: opened and closed, read or failing, and for which members they count."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Member, User
from availability.models import BlockingSource, BusySource, WhenStale
from availability.services.locks import lock_host
from availability.services.versions import change_epochs_of_members


def open_source(user: User, *, name: str, page_url: str, now: datetime) -> BusySource:
    """A source nothing is known of yet: it blocks until it was read, for a quarter of an hour at most."""
    return BusySource.objects.create(user=user, name=name[:200], page_url=page_url, asked_at=now)


def hold_sources_of(user_id: int, *, members: Collection[Member] = ()) -> None:
    """Before several sources of a user change, or what leads to them: all calendars first, then the host, as a booking.

    ``members``: those for whom other sources may count afterwards.
    """
    blocked = Q(blocking_sources__source__user=user_id) | Q(pk__in=[member.pk for member in members])
    change_epochs_of_members(Member.objects.filter(blocked))
    lock_host(user_id)


def close_source(source: BusySource) -> None:
    """Forget the source and all it reported, within the caller's transaction."""
    hold_sources_of(source.user_id)
    source.delete()


def rename_source(source: BusySource, name: str) -> None:
    BusySource.objects.filter(pk=source.pk).update(name=name[:200])


def show_sources(
    sources: Collection[int], *, is_shown: bool, days_before: int | None = None, days_after: int | None = None
) -> None:
    """What My Calendar shows of these; what blocks stays as it is."""
    BusySource.objects.filter(pk__in=sources).update(
        is_shown=is_shown, shown_days_before=days_before, shown_days_after=days_after
    )


def share_titles(user: User, sources: Collection[int], *, among: Collection[int]) -> None:
    """Of the user's sources ``among``, colleagues see the titles of ``sources`` and of no other."""
    mine = BusySource.objects.filter(user=user, pk__in=among)
    mine.filter(pk__in=sources).update(shares_titles=True)
    mine.exclude(pk__in=sources).update(shares_titles=False)


def set_blocking_sources(member: Member, sources: Collection[BusySource], *, now: datetime) -> None:
    """Exactly these sources count for ``member`` from now on. New ones go stale as the others do."""
    # calendars are locked before hosts, here as in a booking
    change_epochs_of_members((member,))
    lock_host(member.user_id)
    like = BlockingSource.objects.filter(member=member).first() or BlockingSource()
    BlockingSource.objects.filter(member=member).exclude(source__in=sources).delete()
    BlockingSource.objects.bulk_create(
        [
            BlockingSource(member=member, source=source, stale_after=like.stale_after, when_stale=like.when_stale)
            for source in sources
        ],
        ignore_conflicts=True,
    )


def set_staleness(member: Member, *, stale_after: timedelta, when_stale: WhenStale) -> None:
    """From when on the member's sources are out of date, and what happens then; the same for all of them."""
    BlockingSource.objects.filter(member=member).update(stale_after=stale_after, when_stale=when_stale)


def mark_read(source: BusySource, *, now: datetime) -> None:
    BusySource.objects.filter(pk=source.pk).update(read_at=now, failing_since=None)


def mark_failing(source: BusySource, *, since: datetime) -> None:
    """Reading fails. The first failure's time is kept until it was read again."""
    BusySource.objects.filter(pk=source.pk, failing_since__isnull=True).update(failing_since=since)
