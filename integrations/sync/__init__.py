"""Keeping both sides equal: reading remote calendars into busy times, writing our items into them."""
