"""Which PostgreSQL is taken."""

import importlib.util
from pathlib import Path

import pytest

from config.embedded.binaries import PostgresNotFound, find_binaries


@pytest.fixture
def system_folder(tmp_path: Path) -> Path:
    for version in ("9", "15", "18"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    return tmp_path


def test_that_of_the_wheel_goes_first(system_folder):
    assert find_binaries(system_folder).parent.name == "pginstall"


def test_without_the_wheel_the_newest_of_the_system_is_taken(system_folder, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert find_binaries(system_folder) == system_folder / "18" / "bin"


def test_without_any_the_ways_out_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(PostgresNotFound, match="DATABASE_URL"):
        find_binaries(tmp_path)
