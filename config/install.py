"""Makes `.venv`: the standard library's venv, uv from hashed requirements, and everything else by uv, hashed too.

Run by the Makefile with any Python 3 there is; it looks for 3.11 or newer itself. The standard library is all it needs.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER_NAMES = [f"python3.{minor}" for minor in range(14, OLDEST[1] - 1, -1)]
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / ".installed"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
BOOTSTRAP, DEV = ROOT / "requirements" / "bootstrap.txt", ROOT / "requirements" / "dev.txt"


def main() -> None:
    _continue_with_a_new_enough_python()
    VENV.mkdir(exist_ok=True)
    with (VENV / ".set-up").open("w") as lock:
        # `make demo` and `make test` may both be the first in a fresh clone (`.venv/.lock` is the one uv itself takes)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_up_to_date():
            _make_venv()
            _install()
            INSTALLED.touch()


def _continue_with_a_new_enough_python() -> None:
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_NAMES:
        found = shutil.which(name)
        # a version manager's name for a version it would not start is no Python
        if found and subprocess.call([found, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, "-I", __file__])  # noqa: S606
    ours = ".".join(map(str, sys.version_info[:3]))
    sys.exit(
        f"Holdfast needs Python 3.11 or newer; {sys.executable} is {ours}, and no newer one is on the PATH.\n"
        "Install one, or name it: make PYTHON=/path/to/python3.11"
    )


def _is_up_to_date() -> bool:
    if not INSTALLED.exists() or not _works(PYTHON):
        return False
    installed_at = INSTALLED.stat().st_mtime
    return all(path.stat().st_mtime <= installed_at for path in (BOOTSTRAP, DEV, Path(__file__)))


def _make_venv() -> None:
    if _works(PYTHON):
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"This Python has no venv ({sys.executable}).\n"
            f"On Debian and Ubuntu: apt-get install python3-venv (or python{version}-venv)."
        )
    _say(f"making .venv with Python {sys.version.split()[0]} …")
    _run(sys.executable, "-m", "venv", VENV)


def _install() -> None:
    _say("installing what Holdfast needs (about half a minute) …")
    _run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", BOOTSTRAP)
    # where there is one, the system's store knows a company's own certificate authority too
    certificates = ["--system-certs"] if SYSTEM_CERTIFICATES.exists() else []
    uv = VENV / "bin" / "uv"
    _run(uv, "pip", "install", "--quiet", *certificates, "--python", PYTHON, "--require-hashes", "-r", DEV)


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: "str | Path") -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
