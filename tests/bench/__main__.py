"""`python -m tests.bench [--quick] [PATH]`: measures, prints the table, writes it as JSON, fails if a limit is missed.

With a PostgreSQL of its own. Times depend on the machine and on what else it does; so ratios alone are judged.
`--quick` shows in half a minute that everything can be measured; its ratios are too rough to be judged.
"""

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.embedded.postgres import start_throw_away
from config.embedded.run import throw_away_environment
from tests.bench.findings import Finding, missed, table, write

DEFAULT_PATH = Path(".local/bench.json")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT_PATH)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    with start_throw_away() as server, tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        _prepare_environment(server.url, folder)
        findings = list(_shown_as_found(is_quick=asked.quick))
    write(findings, asked.path)
    judged = [one for one in findings if one.is_count or not asked.quick]
    for line in missed(judged):
        sys.stderr.write(f"MISSED  {line}\n")
    return 1 if missed(judged) else 0


def _prepare_environment(database_url: str, folder: str) -> None:
    """As in production, but that requests are not logged: both sides of a comparison would be, for the same price."""
    os.environ |= throw_away_environment(database_url)
    os.environ |= {"LOCAL_DIR": folder, "LOG_LEVEL": "WARNING", "HOLDFAST_DEVELOPMENT": "false"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    # no page is asked for, so that no static files are collected
    warnings.filterwarnings("ignore", "No directory at", UserWarning)


def _shown_as_found(*, is_quick: bool) -> Iterator[Finding]:
    # models cannot be imported before the environment is prepared
    from tests.bench.parts import parts

    for name, measure in parts(is_quick=is_quick):
        found = list(measure())
        sys.stdout.write(f"\n{name}\n\n{table(found)}\n")
        sys.stdout.flush()
        yield from found


if __name__ == "__main__":
    sys.exit(main())
