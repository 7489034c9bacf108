"""Public limits: how often who may do what, counted in PostgreSQL, so that all processes count together."""

import math
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from accounts.models import Tally

ONCE = "once"
# a repeat comes within the life of an idempotency key, a day or a little more
ONCE_SECONDS = 3 * 86_400
# what has just ended may still be counted on: the pause of the mail server grows from one to the next
_KEPT = timedelta(hours=1)
_SALT = "accounts.services.limits"
# counts on in a window that runs, begins another where it has ended; the database's clock is the only one
_COUNT = """
    INSERT INTO accounts_tally (what, name, count, ends_at)
    VALUES (%s, %s, 1, statement_timestamp() + make_interval(secs => %s))
    ON CONFLICT (what, name) DO UPDATE SET
        count = CASE WHEN accounts_tally.ends_at > statement_timestamp() THEN accounts_tally.count + 1 ELSE 1 END,
        ends_at = CASE WHEN accounts_tally.ends_at > statement_timestamp()
                       THEN accounts_tally.ends_at ELSE excluded.ends_at END
    RETURNING count, extract(epoch FROM ends_at - statement_timestamp())
"""
_LEFT = """
    SELECT count, extract(epoch FROM ends_at - statement_timestamp()) FROM accounts_tally
    WHERE what = %s AND name = %s AND ends_at > statement_timestamp()
"""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """Something limited that somebody does: ``what`` is a limit's name in RATE_LIMITS, ``name`` says who."""

    what: str
    name: str


class TooMany(Exception):
    """A limit is reached. Another try makes sense after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"another try makes sense after {retry_after} s")
        self.retry_after = retry_after


def limits_are_on() -> bool:
    """Whether the operator wants anything limited; without, no trap for robots is set either."""
    return bool(settings.RATE_LIMITS)


def most_at_once(what: str) -> int | None:
    """How many there may be at one time; None: any number."""
    times, _ = settings.RATE_LIMITS.get(what, (None, 0))
    return times


def spend(*uses: Use, once: str = "") -> None:
    """Count all of these, or none and raise TooMany. Not within a transaction of the caller's: counting holds locks.

    ``once``: whatever comes again under this name is the same thing repeated, neither counted nor refused.
    """
    limited = sorted(use for use in uses if use.what in settings.RATE_LIMITS)
    if not limited:
        return
    with transaction.atomic(durable=True):
        if once and _count(Use(ONCE, once), ONCE_SECONDS)[0] > 1:
            return
        # in one order everywhere, so that no two wait for each other
        for use in limited:
            times, seconds = settings.RATE_LIMITS[use.what]
            count, left = _count(use, seconds)
            if count > times:
                raise TooMany(left)


def refuse_spent(use: Use) -> None:
    """Raises TooMany if nothing is left; counts nothing."""
    times, _ = settings.RATE_LIMITS.get(use.what, (None, 0))
    if times is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, (use.what, _digest(use)))
        row = cursor.fetchone()
    if row and row[0] >= times:
        raise TooMany(_whole(row[1]))


def forget_ended() -> int:
    """Delete the tallies whose window ended an hour ago or earlier; how many there were."""
    return Tally.objects.filter(ends_at__lt=Now() - _KEPT).delete()[0]


def _count(use: Use, seconds: int) -> tuple[int, int]:
    """How often now, and the seconds that are left of the window."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, (use.what, _digest(use), seconds))
        count, left = cursor.fetchone()
    return count, _whole(left)


def _digest(use: Use) -> str:
    return salted_hmac(_SALT, f"{use.what}\n{use.name}", algorithm="sha256").hexdigest()


def _whole(seconds: float) -> int:
    return max(1, math.ceil(seconds))
