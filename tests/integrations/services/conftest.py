from collections.abc import Iterator

import pytest

from integrations.providers import registry
from tests.integrations.outside import Outside


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    with registry.override(outside.open):
        yield outside
