"""What all tests share."""

import pytest

from config.rate_limits import DEFAULTS


@pytest.fixture
def limits_on(settings):
    """The public limits as they are unless an operator says otherwise; without this fixture there are none."""
    settings.RATE_LIMITS = dict(DEFAULTS)
    return settings.RATE_LIMITS
