"""A look at a claimed login, from the outermost call of its thread inwards: a worker's, or one a customer waits for."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from time import monotonic

import structlog
from django.conf import settings
from django.utils.translation import gettext_noop

from accounts.queries import database_now
from accounts.services.unexpected import log_unexpected
from availability.services.retry import durable
from integrations.models import Connection
from integrations.models.connection import CredentialMismatch
from integrations.providers.registry import provider_of
from integrations.sync.claims import ClaimLost, keep_claim, release
from integrations.sync.lanes import GiveWay
from integrations.sync.outcome import (
    expect_the_worst,
    note_broken,
    note_cut_short,
    note_length,
    note_unexpected_failure,
)
from integrations.sync.pull import pull, pull_in_passing

MOST_UNFINISHED_LOOKS = 3
# the lease is prolonged so often while an answer arrives
RENEWALS_A_LEASE = 4
NOT_OURS = gettext_noop("The stored password does not belong to this login. Enter it again.")

log = structlog.get_logger(__name__)


def look(claim: Connection, *, must_give_way: Callable[[], bool] = lambda: False) -> None:
    """A worker's look: all that there is to read, however long it takes, unless its thread is wanted by others."""
    began = monotonic()
    within_boundary(partial(_look, must_give_way=must_give_way), claim)
    note_length(claim, seconds=monotonic() - began)


def look_in_passing(claim: Connection, *, within: timedelta) -> None:
    """A look for the sake of a booking: what can be read in this time, and nothing held against the login after it."""
    within_boundary(partial(_look_in_passing, within=within), claim, in_passing=True)


def within_boundary(work: Callable[[Connection], None], claim: Connection, *, in_passing: bool = False) -> None:
    """The outermost call of a thread that holds a claim: nothing unexpected leaves the row claimed."""
    try:
        work(claim)
    except ClaimLost:
        log.info("claim_lost", connection=claim.pk)
    except GiveWay:
        log.info("look_gave_way", connection=claim.pk)
        release(claim)
    except CredentialMismatch:
        note_broken(claim, NOT_OURS, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("look_failed", error, connection=claim.pk)
        (note_cut_short if in_passing else note_unexpected_failure)(claim, now=database_now())


def _look(claim: Connection, *, must_give_way: Callable[[], bool]) -> None:
    now = database_now()
    if claim.unfinished > MOST_UNFINISHED_LOOKS:
        expect_the_worst(claim, now=now)
    with closing(provider_of(claim, heartbeat=KeptClaim(claim, must_give_way=must_give_way).beat)) as provider:
        pull(claim, provider=provider, now=now)


def _look_in_passing(claim: Connection, *, within: timedelta) -> None:
    now = database_now()
    with closing(provider_of(claim, within=within)) as provider:
        pull_in_passing(claim, provider=provider, now=now)


class KeptClaim:
    """The claim of a look, kept while a long answer arrives, or given up there."""

    def __init__(self, claim: Connection, *, must_give_way: Callable[[], bool]) -> None:
        self._claim = claim
        self._must_give_way = must_give_way
        self._kept = monotonic()

    def beat(self) -> None:
        """Raises ClaimLost when somebody else has the row by now, GiveWay when others need the thread more."""
        if self._must_give_way():
            raise GiveWay
        if monotonic() - self._kept >= settings.SYNC_LEASE_SECONDS / RENEWALS_A_LEASE:
            durable(lambda: keep_claim(self._claim))
            self._kept = monotonic()
