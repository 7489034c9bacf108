"""Use cases of people and accounts, one module each."""
