"""How our items are named at a provider."""

from uuid import UUID

import pytest

from integrations.sync.ours import item_uid_of, remote_uid_of

UID = UUID("7d3c5a4e-5f43-4a39-9d55-0d5a5d2f2a11")


def test_a_uid_is_read_back_as_it_was_written() -> None:
    assert item_uid_of(remote_uid_of(UID)) == UID


def test_a_copy_that_is_told_apart_is_the_same_item() -> None:
    assert remote_uid_of(UID, apart=7) != remote_uid_of(UID)
    assert item_uid_of(remote_uid_of(UID, apart=7)) == UID


@pytest.mark.parametrize(
    "uid", ["", "@holdfast", f"{UID}.@holdfast", f"{UID}.x@holdfast", "lunch@holdfast", str(UID), f"{UID}@example.org"]
)
def test_other_names_are_not_ours(uid: str) -> None:
    assert item_uid_of(uid) is None
