"""Telling a worker, after commit, that there is something to do. Losing the nudge costs a sweep, nothing else."""

from django.db import transaction
from django_q.tasks import async_task


def nudge(task: str, *arguments: int, save: bool = False) -> None:
    """Queue ``task`` with these ids once the transaction is through; ``save`` keeps how it went for operators."""

    # not a partial: Django names the function in the log when it fails
    def put_into_queue() -> None:
        async_task(task, *arguments, save=save)

    transaction.on_commit(put_into_queue, robust=True)
