"""Real servers, one of each for a test process."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from config.embedded.radicale import RadicaleServer, start_radicale
from tests.integrations.providers.answers import Serve, serving
from tests.integrations.providers.trial import Trial
from tests.servers.xandikos import XandikosServer, start_xandikos

USERNAME = "ada@example.com"
PASSWORD = "pass:with colon"


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    with start_radicale(tmp_path_factory.mktemp("radicale"), {USERNAME: PASSWORD}, read_only=["school"]) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XandikosServer]:
    server = start_xandikos(tmp_path_factory.mktemp("xandikos"))
    yield server
    server.stop()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts scripted servers, as many as a test wants."""
    with ExitStack() as stack:
        yield lambda answers: stack.enter_context(serving(answers))


@pytest.fixture
def trial() -> Trial:
    return Trial()
