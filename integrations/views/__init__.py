"""Settings pages of the outside."""
