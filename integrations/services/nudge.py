"""Telling a worker, after commit, that there is something to do. Losing the nudge costs a sweep, nothing else."""

from functools import partial

from django.db import transaction
from django_q.tasks import async_task


def nudge_look(connection_id: int) -> None:
    transaction.on_commit(partial(async_task, "integrations.tasks.look_at_one", connection_id), robust=True)
