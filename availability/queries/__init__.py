"""Questions about availability; nothing here writes."""
