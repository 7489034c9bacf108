"""What customers and staff type in, and the sentences about what is not right with it yet."""
