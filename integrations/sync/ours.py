"""How our items are named at a provider: the UID alone says that an object is ours, and which."""

from uuid import UUID

SUFFIX = "@holdfast"


def remote_uid_of(uid: UUID, *, apart: int | None = None) -> str:
    """``apart``: a number that tells this copy from another one in the same login, where the server wants that."""
    return f"{uid}{SUFFIX}" if apart is None else f"{uid}.{apart}{SUFFIX}"


def item_uid_of(remote_uid: str) -> UUID | None:
    """The item whose copy bears this UID; None when the object is not ours by name."""
    if not remote_uid.endswith(SUFFIX):
        return None
    item, dot, apart = remote_uid.removesuffix(SUFFIX).partition(".")
    if dot and not apart.isdecimal():
        return None
    try:
        return UUID(item)
    except ValueError:
        return None
