"""The Chromium the browser tests drive: found, or installed where that is possible.

Run as a program (the standard library is all it needs) it installs Debian's, if none is there.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return Path(path)
    return None


def find_or_install() -> Path | None:
    """Debian's package is installed when we are root and apt is there."""
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    return find()


def is_required() -> bool:
    """Continuous integration (CI=true) never skips a browser test."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _install() -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-qq", *arguments], env=quiet, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.stderr.write(f"apt-get {arguments[0]} failed ({done.returncode})\n")


if __name__ == "__main__":
    if find_or_install() is None:
        sys.exit("No Chromium found: install one, so that the browser tests can run.")
