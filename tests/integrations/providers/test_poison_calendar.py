"""A calendar full of poison beside a hundred good events: read in a child process, whose memory and patience tell."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from integrations.ports import Unreadable
from integrations.providers.caldav.expanding import expand
from integrations.providers.caldav.reading import reduce_object
from tests.integrations.providers.objects import BERLIN
from tests.integrations.providers.poison import START, good_events, poison

MEGABYTE = 1024
POISON = poison()
_READ_ALL = """
import json, resource
from integrations.ports import Unreadable
from integrations.providers.caldav.expanding import expand
from tests.integrations.providers.objects import BERLIN, vcalendar, vevent
from tests.integrations.providers.poison import START, good_events, poison
from tests.integrations.providers.test_poison_calendar import meaning

objects = {**poison(), **{name: text.encode() for name, (text, _, _) in good_events().items()}}
meaning(vcalendar(vevent("DTSTART;TZID=Europe/Berlin:20261201T100000", "RRULE:FREQ=DAILY")).encode())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read = {name: meaning(content) for name, content in objects.items()}
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"grown": grown, "read": read}))
"""


def meaning(content: bytes) -> list[str] | None:
    """What blocks in the 431 days that are looked at; None if it cannot be worked out."""
    reduced = reduce_object(content, addresses=frozenset({"ada@example.com"}))
    try:
        found = expand(reduced.text, start=START - timedelta(days=31), end=START + timedelta(days=400), zone=BERLIN)
    except Unreadable:
        return None
    return [f"{one.start.isoformat()}/{one.end.isoformat()}" for one in found][:200]


@pytest.fixture(scope="module")
def outcome() -> Any:
    done = subprocess.run([sys.executable, "-c", _READ_ALL], capture_output=True, check=True, text=True, timeout=120)
    return json.loads(done.stdout)


def test_good_events_block_beside_poison(outcome: Any) -> None:
    expected = {name: [f"{begin.isoformat()}/{end.isoformat()}"] for name, (_, begin, end) in good_events().items()}

    assert {name: outcome["read"][name] for name in expected} == expected


def test_all_poison_together_grows_memory_little(outcome: Any) -> None:
    assert outcome["grown"] < 150 * MEGABYTE


@pytest.mark.parametrize("name", sorted(POISON))
def test_poison_leaves_text_that_can_be_stored(name: str) -> None:
    reduced = reduce_object(POISON[name], addresses=frozenset())

    stored = reduced.text + reduced.uid
    assert "\x00" not in stored
    assert stored.encode().decode() == stored
