"""Booking, moving and cancelling an appointment; one use case a module."""
