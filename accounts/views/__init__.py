"""Signing in, one's own profile, and the account: its details, its look, its people."""
