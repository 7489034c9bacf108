"""What needs no database and no request: values in, values out."""
