"""Holds in My Calendar: a customer is filling in the form at this moment."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q

from availability.models import HostTime, HostTimeKind
from bookings.models import Hold
from bookings.queries.entries.entry import Entry, Looking
from bookings.queries.holds import IS_LIVE


def held_times(looking: Looking, *, start: datetime, end: datetime) -> Iterator[Entry]:
    """Two queries. Of an account the reader does not manage, what is held of a colleague's time is only busy."""
    whose = _held_of(looking.users)
    ends_at = ExpressionWrapper(F("starts_at") + F("calendar__duration"), DateTimeField())
    holds = Hold.objects.filter(IS_LIVE, Q(host__user__in=looking.users) | Q(uid__in=whose))
    near = holds.filter(starts_at__gt=start - timedelta(days=1), starts_at__lt=end).annotate(ends_at=ends_at)
    fields = ("uid", "host__user_id", "starts_at", "ends_at", "calendar__name", "calendar__account_id", "expires_at")
    for uid, host, starts_at, until, name, account, expires_at in near.values_list(*fields):
        users = tuple(set(looking.users) & {host, *whose.get(uid, ())})
        if until <= start or not looking.wants(account):
            continue
        if not looking.knows(users, account):
            yield Entry("event", starts_at, until, users)
            continue
        elsewhere = looking.name_elsewhere(account)
        yield Entry("hold", starts_at, until, users, detail=name, expires_at=expires_at, account=elsewhere)


def _held_of(users: tuple[int, ...]) -> dict[UUID, list[int]]:
    """Whose time each hold keeps. A seat of a class keeps nobody's: the session has its host's."""
    held: dict[UUID, list[int]] = defaultdict(list)
    rows = HostTime.objects.filter(user__in=users, kind=HostTimeKind.HOLD)
    for uid, user in rows.values_list("uid", "user_id"):
        held[uid].append(user)
    return held
