"""Pure reckoning for the pages: five weeks of days, a week on the clock. The standard library alone."""
