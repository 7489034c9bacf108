"""One throw-away PostgreSQL for a whole test run, and what becomes of browser tests without a browser.

Loaded with `-p tests.plugin`. The server must run before pytest-django reads the settings, which it does first of all
in `pytest_load_initial_conftests`: a wrapper of that hook is entered before every implementation, whatever their
order. With `DATABASE_URL` set nothing is started: it was set by hand, or this is a test process of pytest-xdist, which
inherits it.
"""

import os
import tempfile
from collections.abc import Generator

import pytest

from config.embedded.postgres import start_throw_away
from config.embedded.run import throw_away_environment
from tests import chromium


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    if not os.environ.get("DATABASE_URL"):
        server = start_throw_away()
        # runs at every kind of end but SIGKILL, and after that the server's guard does the same
        early_config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.url
    if not os.environ.get("LOCAL_DIR"):
        folder = tempfile.TemporaryDirectory(prefix="holdfast-tests-")
        early_config.add_cleanup(folder.cleanup)
        os.environ["LOCAL_DIR"] = folder.name
    for name, value in throw_away_environment(os.environ["DATABASE_URL"]).items():
        os.environ.setdefault(name, value)
    # pages are rendered without collecting static files first
    os.environ.setdefault("HOLDFAST_DEVELOPMENT", "true")
    # hundreds of bookings come from one address here; tests of the limits switch them on (`limits_on`)
    os.environ.setdefault("RATE_LIMITS", "off")
    return (yield)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium.find() is None:
        if chromium.is_required():
            pytest.fail("No Chromium here, and continuous integration must not do without: see tests/chromium.py.")
        pytest.skip("no Chromium here")
