"""Telling a worker, after commit, that a login should be looked at, or what is stored of it expanded anew."""

from accounts.services.nudge import nudge


def nudge_look(connection_id: int) -> None:
    nudge("integrations.tasks.look_at_one", connection_id, save=True)


def nudge_expansion(connection_id: int) -> None:
    nudge("integrations.tasks.expand_one", connection_id, save=True)
