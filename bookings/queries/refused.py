"""Why a time that somebody chose cannot be booked."""

from datetime import datetime
from uuid import UUID

from accounts.models import Member
from availability.core.intervals import moment
from availability.core.rules import ReasonCode
from availability.models import Calendar
from availability.queries.judge import judge
from availability.queries.settings import reach_of


def reasons_against(
    calendar: Calendar,
    start: datetime,
    *,
    now: datetime,
    host: Member | None,
    hold: UUID | None = None,
    besides: UUID | None = None,
) -> tuple[str, ...]:
    """The codes, as a refused booking has them; ``start`` may lie anywhere. No query if clock or calendar say no."""
    reach = reach_of(calendar, now)
    if not calendar.is_open:
        return (ReasonCode.INACTIVE,)
    if start < now:
        return (ReasonCode.PAST,)
    if start < moment(reach.earliest):
        return (ReasonCode.NOTICE,)
    if not moment(reach.first) <= start < moment(reach.latest):
        return (ReasonCode.HORIZON,)
    if start.microsecond:
        return (ReasonCode.HOURS,)
    return tuple(
        reason.code
        for reason in judge(calendar, start, now=now, host=host, hold=hold, besides=besides).verdict.against()
    )
