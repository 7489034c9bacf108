"""Operators' view of calendars and availability. Host time is shown, never edited: services alone keep the promise."""

from availability.admin import calendars, closures, schedules, taken

__all__ = ["calendars", "closures", "schedules", "taken"]
