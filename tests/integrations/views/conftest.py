from collections.abc import Iterator

import pytest

from accounts.models import Member
from integrations.providers import registry
from tests.factories import MemberFactory
from tests.integrations.outside import Outside


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    with registry.override(outside.open):
        yield outside


@pytest.fixture
def member(client) -> Member:
    """Somebody who is signed in."""
    member: Member = MemberFactory()
    client.force_login(member.user)
    return member
