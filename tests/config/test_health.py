"""What a load balancer and an operator are told."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from config.models import Heartbeat
from tests.factories import OutgoingMailFactory

pytestmark = pytest.mark.django_db


def test_mail_that_has_waited_long_is_told_and_keeps_the_site_ready(client):
    Heartbeat.objects.create(task="config.heartbeats.beat", heard_at=Now())
    OutgoingMailFactory(due_at=Now() - timedelta(minutes=10))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["mail"]["status"]) == (200, "late")
    assert answer.json()["mail"]["seconds_overdue"] > 599


def test_without_workers_the_site_is_not_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["mail"] == {"status": "ok", "seconds_overdue": 0.0}
