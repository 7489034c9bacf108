"""Questions about appointments; nothing here writes."""
