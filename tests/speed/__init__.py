"""How fast the core is, and whether what it says so fast is right: made-up calendars with known answers."""
