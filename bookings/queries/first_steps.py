"""How far somebody has come from their first sign-in to a link that can be booked (U9)."""

from dataclasses import dataclass
from enum import Enum

from accounts.models import Member
from availability.models import Calendar
from availability.queries.first_hours import has_hours
from bookings.ports import is_connected


class StepKind(Enum):
    HOURS = "hours"
    CALENDAR = "calendar"
    CONNECT = "connect"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class FirstStep:
    kind: StepKind
    is_done: bool
    is_next: bool

    @property
    def template(self) -> str:
        return f"bookings/parts/first_step_{self.kind.value}.html"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    steps: tuple[FirstStep, ...]
    is_hidden: bool

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == self.total

    @property
    def next(self) -> FirstStep | None:
        return next((step for step in self.steps if step.is_next), None)


def first_steps_of(member: Member) -> FirstSteps:
    """Three small queries at most. Whoever may not make calendars is not asked to."""
    found = {
        StepKind.HOURS: has_hours(member),
        **({StepKind.CALENDAR: _has_calendar(member)} if member.manages else {}),
        StepKind.CONNECT: is_connected(member),
        StepKind.SHARE: member.shared_link_at is not None,
    }
    upcoming = next((kind for kind, is_done in found.items() if not is_done), None)
    steps = tuple(FirstStep(kind, is_done, kind is upcoming) for kind, is_done in found.items())
    return FirstSteps(steps, is_hidden=member.hid_first_steps_at is not None)


def _has_calendar(member: Member) -> bool:
    return Calendar.objects.public().filter(account=member.account).exists()
