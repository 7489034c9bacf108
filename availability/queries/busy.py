"""Busy time as My Calendar shows it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Member
from availability.core.hours import midnight
from availability.core.intervals import moment
from availability.models import BusyTime

_DAY = timedelta(days=1)


def busy_times_of(member: Member, *, start: datetime, end: datetime) -> list[BusyTime]:
    """What the sources that count for ``member`` report within ``[start, end)``; free events too; one query."""
    rows = BusyTime.objects.filter(source__blocking__member=member, user_id=member.user_id)
    return list(rows.reaching(start, end).select_related("source").order_by("start", "end", "pk"))


def shown_span(
    *, days_before: int | None, days_after: int | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime]:
    """From when until when My Calendar shows a source: so many days around today in ``zone``, None without end."""
    today = now.astimezone(zone).date()
    first, after = moment(midnight(today, zone)), moment(midnight(today + _DAY, zone))
    start = datetime.min.replace(tzinfo=UTC) if days_before is None else first - days_before * _DAY
    end = datetime.max.replace(tzinfo=UTC) if days_after is None else after + days_after * _DAY
    return start, end
