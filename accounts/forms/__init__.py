"""What people say about themselves, and what they change about an account."""
