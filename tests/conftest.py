"""What all tests share."""

from datetime import timedelta

import pytest

from config.rate_limits import DEFAULTS
from integrations import tasks


@pytest.fixture(autouse=True)
def patient_tasks(monkeypatch):
    """A task called by a test is done when its threads are: nobody waits behind it."""
    monkeypatch.setattr(tasks, "PATIENCE", timedelta(seconds=30))


@pytest.fixture
def limits_on(settings):
    """The public limits as they are unless an operator says otherwise; without this fixture there are none."""
    settings.RATE_LIMITS = dict(DEFAULTS)
    return settings.RATE_LIMITS
