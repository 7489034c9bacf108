"""Whether somebody has said yet when they can be booked."""

from accounts.models import Member
from availability.models import WeeklyHours


def has_hours(member: Member) -> bool:
    """In the default schedule, which counts wherever no other is chosen."""
    return WeeklyHours.objects.filter(schedule__member=member, schedule__is_default=True).exists()
