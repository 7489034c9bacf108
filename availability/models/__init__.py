"""What can be booked, and when."""

from availability.models.assignment import Assignment
from availability.models.busy import BlockingSource, BusySource, BusyTime, WhenStale
from availability.models.calendar import AssignmentMode, Calendar, CalendarMember, CalendarType, Priority
from availability.models.host_time import HostTime, HostTimeKind
from availability.models.schedule import Schedule, WeeklyHours

__all__ = [
    "Assignment",
    "AssignmentMode",
    "BlockingSource",
    "BusySource",
    "BusyTime",
    "Calendar",
    "CalendarMember",
    "CalendarType",
    "HostTime",
    "HostTimeKind",
    "Priority",
    "Schedule",
    "WeeklyHours",
    "WhenStale",
]
