"""The world the sync tests live in."""

import pytest

from tests.integrations.sync.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
