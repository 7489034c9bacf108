"""External events in My Calendar: of the sources shown, as far as each is (Y12a), with what may be said (P4)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial

from django.db.models import Q, QuerySet

from availability.models import BlockingSource, BusyTime
from availability.queries.busy import shown_span
from bookings.queries.entries.entry import Entry, Looking

_FIELDS = (
    "user_id", "start", "end", "blocks", "all_day", "label", "source_id",
    "source__name", "source__shares_titles", "source__is_shown",
    "source__shown_days_before", "source__shown_days_after",
)  # fmt: skip


def events(looking: Looking, *, start: datetime, end: datetime, now: datetime) -> Iterator[Entry]:
    """One query. Own events bear their title; colleagues' are "Busy" unless their owner shares titles, and what does
    not block is then left out.

    Own items are a source too; they are shown as what they are. What is not shown comes without a kind: it may lie on
    an appointment all the same.
    """
    rows = BusyTime.objects.filter(
        user__in=looking.users, source__in=_counting(looking).values("source"), source__is_own=False
    )
    # a handful of sources, many events
    span_of = cache(partial(_span, looking, now))
    for user, starts_at, ends_at, blocks, all_day, label, source, name, shares, is_shown, before, after in (
        rows.reaching(start, end).order_by("start", "end", "pk").values_list(*_FIELDS)
    ):
        told = shares or user == looking.reader.user_id
        first, last = span_of(before, after)
        if not (told or blocks):
            continue
        yield Entry(
            kind="event" if is_shown and starts_at < last and ends_at > first else "",
            starts_at=starts_at,
            ends_at=ends_at,
            whose=(user,),
            title=label if told else "",
            detail=name if told else "",
            is_free=not blocks,
            is_past=ends_at <= now,
            all_day=all_day,
            source=source,
        )


def _counting(looking: Looking) -> QuerySet[BlockingSource]:
    """Which sources count: the reader's in any of their accounts, the others' in the account looked at."""
    places = BlockingSource.objects.filter(Q(member__user=looking.reader.user_id) | Q(member__in=looking.hosts))
    if looking.within is not None:
        return places.filter(member__account__in=looking.within)
    return places


def _span(looking: Looking, now: datetime, before: int | None, after: int | None) -> tuple[datetime, datetime]:
    return shown_span(days_before=before, days_after=after, zone=looking.zone, now=now)
