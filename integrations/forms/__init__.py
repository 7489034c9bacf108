"""What people say about the outside: logins, and which calendars count."""
