"""Staff pages: calendars, schedules, closures, and why a time is or is not on offer."""
