"""Folders to start servers in, and a look at the processes that work there."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.server_user import AS_NOBODY_INSIDE


@pytest.fixture
def folder() -> Iterator[Path]:
    """A `.local` in a place that is open to others, as a checkout usually is."""
    place = Path(tempfile.mkdtemp(prefix="holdfast-embedded-"))
    place.chmod(0o755)
    yield place / ".local"
    shutil.rmtree(place)


@pytest.fixture
def closed_folder(folder: Path) -> Path:
    """A `.local` below a folder that only its owner can enter."""
    if os.geteuid() == 0 and subprocess.run([*AS_NOBODY_INSIDE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("root may not make user namespaces here")
    folder.parent.chmod(0o700)
    return folder


def processes_in(folder: Path) -> set[int]:
    """Whoever works in this folder or below."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder.resolve()):
                found.add(int(process.name))
        except OSError:
            continue
    return found
