"""The whole test run, as `make test` does it: fast tests, then the browser, both in two processes; then whole flows."""

import os
import subprocess
import sys

from tests import chromium

FAST = ("-n", "2", "-m", "not flow and not browser")
BROWSER = ("-n", "2", "-m", "browser")
# these start processes of their own and want both cores
WHOLE = ("-n", "0", "-m", "flow and not browser")


def main() -> int:
    if chromium.find_or_install() is None and not chromium.is_required():
        _say_loudly("NO CHROMIUM FOUND: THE BROWSER TESTS ARE SKIPPED. Install chromium to run them.")
    # no tests collected (5) counts as a failure like any other
    codes = [_pytest(FAST), _pytest(BROWSER), _pytest(WHOLE)]
    return next(filter(None, codes), 0)


def _pytest(arguments: tuple[str, ...]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def _say_loudly(text: str) -> None:
    start, end = ("\033[1;31m", "\033[0m") if sys.stderr.isatty() and "NO_COLOR" not in os.environ else ("", "")
    sys.stderr.write(f"{start}*** {text} ***{end}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
