"""Questions about logins at providers and their calendars."""
