"""Signs that the queue delivers: every task that starts leaves its name and the database's time."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Max
from django.db.models.functions import Now
from django_q.signals import pre_execute

from config.models import Heartbeat

_HEARD = """
    INSERT INTO holdfast_heartbeat (task, heard_at) VALUES (%s, statement_timestamp())
    ON CONFLICT (task) DO UPDATE SET heard_at = EXCLUDED.heard_at
"""


def listen() -> None:
    """Called once, when the apps are ready: workers report each task they start."""
    pre_execute.connect(_heard, dispatch_uid="config.heartbeats")


def beat() -> None:
    """A task that does nothing: that it was started is the answer."""


def last_heard() -> dict[str, datetime]:
    """When the queue last started each kind of task, by the database's clock."""
    return dict(Heartbeat.objects.values_list("task", "heard_at"))


def seconds_since_beat() -> float | None:
    """How long ago the queue last started anything; None when it never did."""
    age = Heartbeat.objects.aggregate(age=Now() - Max("heard_at"))["age"]
    return None if age is None else float(age.total_seconds())


def _heard(*, task: dict[str, Any], **_rest: Any) -> None:
    # without the database there is no sign, but the worker lives on
    with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
        cursor.execute(_HEARD, [str(task["func"])[:200]])
