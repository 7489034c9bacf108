"""What the list of first steps asks of the outside."""

from accounts.models import Member
from integrations.models import CalendarConfiguration


def has_primary(member: Member) -> bool:
    """Whether appointments of this member are written to a calendar outside."""
    return CalendarConfiguration.objects.filter(member=member, primary__isnull=False).exists()
