"""What happens to a calendar's members from below: whoever leaves an account leaves its calendars."""

from typing import Any

from django.db.models.signals import post_delete

from availability.models import Calendar, CalendarMember
from availability.services.versions import change_epochs


def connect() -> None:
    """Called once, when the app is ready."""
    post_delete.connect(_change_epoch, sender=CalendarMember, dispatch_uid="availability.member_left")


def _change_epoch(*, instance: CalendarMember, **_rest: Any) -> None:
    change_epochs(Calendar.objects.filter(pk=instance.calendar_id))
