"""What a browser keeps while its form is filled in (B4)."""

from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from bookings.models import Hold

IS_LIVE = Q(expires_at__gt=Now())


class Kept(NamedTuple):
    """A hold, and whether it still holds by the clock of the database."""

    hold: Hold
    is_live: bool


def kept_by(browser: str) -> Kept | None:
    """What the browser of this digest keeps, or kept until lately; one query."""
    found = Hold.objects.select_related("host__user", "host__account").filter(browser=browser)
    hold = found.annotate(is_live=ExpressionWrapper(IS_LIVE, BooleanField())).first()
    return Kept(hold, hold.is_live) if hold else None
