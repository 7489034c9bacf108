"""Pages of customers and staff."""
