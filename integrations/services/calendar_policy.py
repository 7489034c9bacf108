"""Which events of a remote calendar block (Y5): the owner's choice, for all accounts it counts in."""

from dataclasses import dataclass
from datetime import datetime

from availability.services.busy import lock_host
from availability.services.retry import durable
from availability.services.sources import share_titles
from integrations.models import RemoteCalendar
from integrations.services.nudge import nudge_expansion
from integrations.sync.expansion import ask_for_expansion


@dataclass(frozen=True, slots=True)
class Blocking:
    """What blocks beside ordinary events."""

    free_blocks: bool
    tentative_blocks: bool
    unanswered_blocks: bool
    declined_blocks: bool


def change_policy(
    remote: RemoteCalendar, blocking: Blocking, *, now: datetime, shares_titles: bool | None = None
) -> None:
    """What is stored counts anew at once, without asking the server.

    ``shares_titles``: whether colleagues see more than that its owner is busy; None leaves that as it is.
    """
    chosen = {name: getattr(blocking, name) for name in Blocking.__slots__}

    def change() -> None:
        lock_host(remote.connection.user_id)
        ask_for_expansion(remote.connection, now=now)
        RemoteCalendar.objects.filter(pk=remote.pk).update(**chosen)
        if shares_titles is not None and remote.source_id is not None:
            source = (remote.source_id,)
            share_titles(remote.connection.user, source if shares_titles else (), among=source)
        nudge_expansion(remote.connection_id)

    durable(change)
