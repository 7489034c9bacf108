"""Whether a calendar is listed, can be booked, has a page. Who is editing it meanwhile is told when they save."""

from datetime import datetime

from django.db.models import F

from availability.models import Calendar
from availability.services.retry import durable
from availability.services.versions import change_epoch


def hide_calendar(calendar: Calendar, *, now: datetime) -> None:
    """Not on the group page; whoever has the link can book."""
    _set(calendar, "hidden_at", now)


def show_calendar(calendar: Calendar) -> None:
    _set(calendar, "hidden_at", None)


def pause_calendar(calendar: Calendar, *, now: datetime) -> None:
    """The page stays and says that nothing can be booked now; what is booked stays."""
    _set(calendar, "paused_at", now)


def resume_calendar(calendar: Calendar) -> None:
    _set(calendar, "paused_at", None)


def switch_off_calendar(calendar: Calendar, *, now: datetime) -> None:
    """There is no page; what is booked stays."""
    _set(calendar, "switched_off_at", now)


def switch_on_calendar(calendar: Calendar) -> None:
    _set(calendar, "switched_off_at", None)


def _set(calendar: Calendar, name: str, since: datetime | None) -> None:
    """Once is enough: what is so already stays as it was."""

    def change() -> None:
        other = Calendar.objects.filter(pk=calendar.pk, **{f"{name}__isnull": since is not None})
        if other.update(**{name: since, "edition": F("edition") + 1}):
            change_epoch(calendar)

    durable(change)
