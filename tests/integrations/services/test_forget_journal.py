"""What the journal said long ago is forgotten."""

from datetime import timedelta

import pytest

from integrations.models import Decision, JournalEntry
from integrations.services import forget_journal
from integrations.sync.journal import note
from tests.factories import NOW, ConnectionFactory

pytestmark = pytest.mark.django_db


def test_entries_older_than_ninety_days_go_in_batches_and_the_others_stay(monkeypatch):
    monkeypatch.setattr(forget_journal, "BATCH", 2)
    connection = ConnectionFactory()
    for days in (0, 89, 90, 91, 92, 93, 200):
        note(Decision.MENDED, now=NOW - timedelta(days=days), connection=connection)

    assert forget_journal.forget_old_entries(now=NOW) == 4
    assert {(NOW - entry.at).days for entry in JournalEntry.objects.all()} == {0, 89, 90}
