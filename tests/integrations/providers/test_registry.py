"""What a stored login brings along when its provider is opened."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.models import Connection
from integrations.providers.registry import provider_of
from tests.factories import ConnectionFactory
from tests.servers.scripted import ScriptedServer, answer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
INVITED = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261201T120000Z\r\nDTEND:20261201T130000Z\r\n"
    "ATTENDEE;PARTSTAT=DECLINED:mailto:{address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def server(settings: Any) -> Iterator[ScriptedServer]:
    with ScriptedServer(lambda request: answer(200, INVITED.format(address=request.path.lstrip("/")))) as running:
        settings.CALDAV_ALLOWED_PRIVATE_HOSTS = [running.netloc]
        yield running


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ada@example.com", "declined"),
        ("Ada.L@Work.example", "declined"),
        ("login@icloud.example", "declined"),
        ("eve@example.com", ""),
    ],
)
def test_invitation_to_any_of_the_owners_addresses_is_answered_by_the_owner(
    address: str, said: str, server: ScriptedServer
) -> None:
    connection: Connection = ConnectionFactory(server_url=server.url, username="login@icloud.example")
    connection.user.email = "Ada@Example.com"
    connection.addresses = ["ada.l@work.example"]

    with closing(provider_of(connection)) as provider:
        event = provider.read(f"{server.url}{address}")

        assert event is not None
        span = {"start": NOON, "end": NOON + timedelta(hours=1)}
        (occurrence,) = provider.expand(event.reduced, zone=ZoneInfo("UTC"), **span)
    assert occurrence.answer == said
