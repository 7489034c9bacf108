"""A limit on how often somebody may have a server tried."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from integrations.models import ConnectionTry
from integrations.models.tries import WITHIN

MOST_TRIES = 30


class TooManyTries(Exception):
    """This user had servers tried too often within the last hour; nothing was sent."""


def count_try(user: User, *, now: datetime) -> None:
    """Note one more try. Raises TooManyTries instead when there were too many. Two at once are counted one by one."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        tries = ConnectionTry.objects.filter(user=user)
        if tries.recent(now).count() >= MOST_TRIES:
            raise TooManyTries
        tries.filter(tried_at__lte=now - WITHIN).delete()
        ConnectionTry.objects.create(user=user, tried_at=now)
