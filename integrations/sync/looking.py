"""A look at a claimed login, from the outermost call of its thread inwards: a worker's, or one a customer waits for."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_noop

from accounts.queries import database_now
from accounts.services.unexpected import log_unexpected
from integrations.models import Connection
from integrations.models.connection import CredentialMismatch
from integrations.providers.registry import provider_of
from integrations.sync.outcome import expect_the_worst, note_broken, note_cut_short, note_unexpected_failure
from integrations.sync.pull import pull, pull_in_passing

MOST_UNFINISHED_LOOKS = 3
NOT_OURS = gettext_noop("The stored password does not belong to this login. Enter it again.")


def look(claim: Connection) -> None:
    """A worker's look: all that there is to read, however long it takes."""
    within_boundary(_look, claim)


def look_in_passing(claim: Connection, *, within: timedelta) -> None:
    """A look for the sake of a booking: what can be read in this time, and nothing held against the login after it."""
    within_boundary(partial(_look_in_passing, within=within), claim, in_passing=True)


def within_boundary(work: Callable[[Connection], None], claim: Connection, *, in_passing: bool = False) -> None:
    """The outermost call of a thread that holds a claim: nothing unexpected leaves the row claimed."""
    try:
        work(claim)
    except CredentialMismatch:
        note_broken(claim, NOT_OURS, now=database_now())
    except Exception as error:  # noqa: BLE001
        log_unexpected("look_failed", error, connection=claim.pk)
        (note_cut_short if in_passing else note_unexpected_failure)(claim, now=database_now())


def _look(claim: Connection) -> None:
    now = database_now()
    if claim.unfinished > MOST_UNFINISHED_LOOKS:
        expect_the_worst(claim, now=now)
    with closing(provider_of(claim)) as provider:
        pull(claim, provider=provider, now=now)


def _look_in_passing(claim: Connection, *, within: timedelta) -> None:
    now = database_now()
    with closing(provider_of(claim, within=within)) as provider:
        pull_in_passing(claim, provider=provider, now=now)
