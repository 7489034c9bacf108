"""`make demo`: a whole site with people, calendars, a CalDAV server and workers, from nothing, in one command."""
