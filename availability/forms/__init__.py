"""What people may type into calendars and schedules, and what is said when they may not."""
