"""Which time zones this process reckons with."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH


def zones_version() -> str:
    """The first line of the system's zone source, which names its release, else that of the package; or nothing."""
    for folder in TZPATH:
        source = Path(folder, "tzdata.zi")
        if source.is_file():
            with source.open(encoding="utf-8") as lines:
                return lines.readline().strip()
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return ""
