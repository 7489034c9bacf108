"""The pages of staff about single appointments: look, answer, note, cancel, move, book for a customer."""
