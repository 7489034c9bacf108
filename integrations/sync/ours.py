"""How our items are named at a provider: the UID alone says that an object is ours, and which."""

from uuid import UUID

SUFFIX = "@holdfast"


def remote_uid_of(uid: UUID) -> str:
    return f"{uid}{SUFFIX}"


def item_uid_of(remote_uid: str) -> UUID | None:
    """The item whose copy bears this UID; None when the object is not ours by name."""
    if not remote_uid.endswith(SUFFIX):
        return None
    try:
        return UUID(remote_uid.removesuffix(SUFFIX))
    except ValueError:
        return None
