"""What others may ask of integrations, one use case a module."""
