"""The pure core of availability: values in, values out, on the standard library alone."""
