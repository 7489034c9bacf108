"""What a calendar asks its customers (B2)."""

from collections.abc import Sequence

from availability.models import Calendar
from bookings.models import Question


def questions_of(calendar: Calendar) -> Sequence[Question]:
    """In the order in which they are asked; one query."""
    return list(Question.objects.filter(calendar=calendar).order_by("position", "pk"))
