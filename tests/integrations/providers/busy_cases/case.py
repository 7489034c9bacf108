"""One object and what it means."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.integrations.providers.objects import vcalendar, vevent

ADA = frozenset({"ada@example.com"})


@dataclass(frozen=True)
class Case:
    """``busy`` is in UTC, as ``MMDDTHHMM-MMDDTHHMM`` a stretch, merged and cut to the window; ``ref`` says why."""

    name: str
    ref: str
    content: str | bytes
    busy: str
    zone: str = "Europe/Berlin"
    window: tuple[datetime, datetime] = field(
        default=(datetime(2026, 11, 29, tzinfo=UTC), datetime(2026, 12, 15, tzinfo=UTC))
    )


def one(*lines: str) -> str:
    return vcalendar(vevent(*lines))


def several(*events: tuple[str, ...], uid: str = "u") -> str:
    return vcalendar(*[vevent(*lines, uid=uid) for lines in events])


def between(first: str, last: str) -> tuple[datetime, datetime]:
    """Two dates in UTC."""
    return datetime.fromisoformat(f"{first}T00:00:00+00:00"), datetime.fromisoformat(f"{last}T00:00:00+00:00")
