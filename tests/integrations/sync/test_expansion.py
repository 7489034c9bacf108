"""Which occurrences block (Y5)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.ports import Occurrence
from integrations.sync.expansion import stretches_of
from tests.factories import NOW


class Expands:
    """A provider of which only ``expand`` is asked."""

    def __init__(self, occurrence: Occurrence) -> None:
        self.occurrence = occurrence

    def expand(self, reduced: str, *, start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Occurrence, ...]:
        return (self.occurrence,)


@pytest.mark.parametrize(
    ("answer", "blocks"), [("", True), ("tentative", True), ("needs_action", True), ("declined", False)]
)
def test_an_invitation_blocks_unless_it_was_declined(answer: str, blocks: bool) -> None:
    occurrence = Occurrence("1", NOW, NOW + timedelta(hours=1), "Fair", False, "confirmed", False, answer)

    (stretch,) = stretches_of("", provider=Expands(occurrence), zone=ZoneInfo("UTC"), now=NOW)  # type: ignore[arg-type]

    assert stretch.blocks is blocks
