"""News that goes upward, sent inside the transaction."""

from django.dispatch import Signal

# a calendar was duplicated: with ``original`` and ``copy`` (Calendar)
calendar_copied = Signal()
