"""What all tests share."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from config.rate_limits import DEFAULTS
from integrations import tasks
from tests import chromium
from tests.browsing import QUIET


@pytest.fixture(autouse=True)
def patient_tasks(monkeypatch):
    """A task called by a test is done when its threads are: nobody waits behind it."""
    monkeypatch.setattr(tasks, "PATIENCE", timedelta(seconds=30))


@pytest.fixture
def limits_on(settings):
    """The public limits as they are unless an operator says otherwise; without this fixture there are none."""
    settings.RATE_LIMITS = dict(DEFAULTS)
    return settings.RATE_LIMITS


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; the test itself is as synchronous as any
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=QUIET)
        yield running
        running.close()
        # within an event loop Django opens connections of their own, which nobody else would close
        connections.close_all()
