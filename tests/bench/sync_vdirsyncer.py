"""vdirsyncer, reading a calendar into files of its own."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.sync_places import PASSWORD, Place

_CONFIG = """\
[general]
status_path = "{folder}/status/"

[pair events]
a = "there"
b = "here"
collections = [["work", "{slug}", "work"]]

[storage there]
type = "caldav"
url = "{server}"
username = "{username}"
password = "{password}"
read_only = true

[storage here]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""


class Vdirsyncer:
    """One pair, its files in ``folder``, which is new."""

    def __init__(self, place: Place, folder: Path) -> None:
        (folder / "events" / "work").mkdir(parents=True)
        (folder / "status").mkdir()
        self._folder = folder
        words = {"slug": place.slug, "server": place.server, "username": place.username, "password": PASSWORD}
        (folder / "config").write_text(_CONFIG.format(folder=folder, **words))
        self._run("discover")

    def read(self) -> float:
        """Seconds, without those it takes to start."""
        return self._run("sync") - self._run("--version")

    def held(self) -> int:
        return sum(1 for _ in (self._folder / "events" / "work").glob("*.ics"))

    def _run(self, order: str) -> float:
        began = time.perf_counter()
        program = [sys.executable, "-c", "from vdirsyncer.cli import app; app()"]
        command = [*program, "--config", str(self._folder / "config"), "--verbosity", "WARNING", order]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began
