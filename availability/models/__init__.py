"""What can be booked, and when."""

from availability.models.assignment import Assignment
from availability.models.busy import BlockingSource, BusySource, BusyTime, WhenStale
from availability.models.calendar import (
    AssignmentMode,
    Calendar,
    CalendarMember,
    CalendarType,
    CustomerDetail,
    DateRange,
    PlaceKind,
    Priority,
)
from availability.models.host_time import HostTime, HostTimeKind
from availability.models.schedule import Closure, DateOverride, PublicHolidays, Schedule, WeeklyHours
from availability.models.session import ClassSession, Seat
from availability.models.stored import HostDay, StoredDay

__all__ = [
    "Assignment",
    "AssignmentMode",
    "BlockingSource",
    "BusySource",
    "BusyTime",
    "Calendar",
    "CalendarMember",
    "CalendarType",
    "ClassSession",
    "Closure",
    "CustomerDetail",
    "DateOverride",
    "DateRange",
    "HostDay",
    "HostTime",
    "HostTimeKind",
    "PlaceKind",
    "Priority",
    "PublicHolidays",
    "Schedule",
    "Seat",
    "StoredDay",
    "WeeklyHours",
    "WhenStale",
]
