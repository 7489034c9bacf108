"""Taking and giving back time, and keeping what blocks it; one use case a module."""
