"""News that goes upward: sent inside the transaction, with ``uid`` (UUID) and ``now`` (aware datetime)."""

from django.dispatch import Signal

# an appointment, class session or own item must be written to, or taken out of, the calendars it belongs in
item_changed = Signal()
