"""Ways to break what keeps stored slots true, each by one piece; a trial that does not find them is worth nothing."""

import copy
from datetime import timedelta

from availability.queries import live
from availability.queries.slots import compute_days
from availability.services import busy, release, store, take, versions


def version_is_not_raised(monkeypatch):
    """Whoever changes a host's time says so nowhere."""
    for module in (take, release, busy):
        monkeypatch.setattr(module, "raise_versions", lambda user_id, stretches, *, now: None)


def epoch_is_not_changed(monkeypatch):
    """Whoever edits calendars, schedules or closures says so nowhere."""
    monkeypatch.setattr(versions, "change_epochs", lambda calendars: None)


def buffer_is_ignored(monkeypatch):
    """Slots are stored as if the calendar had no buffers."""

    def without_buffers(calendar, days, **options):
        plain = copy.copy(calendar)
        plain.buffer_before = plain.buffer_after = timedelta()
        return compute_days(plain, days, **options)

    monkeypatch.setattr(store, "compute_days", without_buffers)


def reach_is_too_short(monkeypatch):
    """A stored day depends on its own day alone, whatever the rules reach."""
    monkeypatch.setattr(live, "version_reach", lambda calendar: (0, 0))


MUTANTS = (version_is_not_raised, epoch_is_not_changed, buffer_is_ignored, reach_is_too_short)
