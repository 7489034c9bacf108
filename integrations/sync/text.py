"""Text from outside, made fit for a column."""


def storable(text: str, longest: int) -> str:
    """Without the characters PostgreSQL cannot hold, and no longer than the column."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]
