"""`python -m tests.torture [--seed NUMBER] [PART...]`: the long trials, as `make torture` runs them; an hour at most.

Each part is a pytest run with a PostgreSQL of its own; its output goes to `.local/torture/`. What needs both cores runs
first and alone, the others in two processes. The seed is fresh unless one is given, and printed.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import NamedTuple

LOGS = Path(".local/torture")
LINES_OF_A_FAILURE = 60
_SLOWEST = re.compile(r"slowest answered after ([\d.]+) s")


@dataclass(frozen=True)
class Part:
    """``tests`` as pytest is told them. ``alone``: nothing else may run beside it."""

    tests: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False


class Result(NamedTuple):
    name: str
    code: int
    seconds: float
    log: Path


PARTS = {
    "storms": Part(("tests/flows/test_storms.py",), {"HOLDFAST_RUNS": "20"}, alone=True),
    "repeats": Part(
        ("tests/flows/test_races.py", "tests/flows/test_same_form.py", "tests/flows/test_lost_commit.py"), alone=True
    ),
    "bookings": Part(("tests/flows/test_bookings_machine.py",), {"HOLDFAST_RUNS": "500"}),
    "stored-slots": Part(("tests/flows/test_stored_slots.py",), {"HOLDFAST_RUNS": "150"}),
    "rules": Part(("tests/availability/core",), {"HOLDFAST_EXAMPLES": "1000"}),
    "mail": Part(("tests/flows/test_mail.py",), {"HOLDFAST_RUNS": "60"}),
    "inert": Part(("tests/bookings/test_inert.py",), {"HOLDFAST_EXAMPLES": "1000"}),
    "schema": Part(("tests/flows/test_schema.py",), {"HOLDFAST_EXAMPLES": "200"}),
    "sync-faults": Part(("tests/flows/test_sync_faults.py",), {"HOLDFAST_RUNS": "1000"}),
    "sync-faults-too": Part(
        ("tests/flows/test_sync_faults.py",), {"HOLDFAST_RUNS": "1000", "HOLDFAST_APART": "1000000"}
    ),
    "sync-processes": Part(("tests/flows/test_sync_processes.py",), {"HOLDFAST_RUNS": "60"}),
    "fuzz": Part(("tests/flows/test_fuzz.py",), {"HOLDFAST_REQUESTS": "20000"}),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=", ".join(PARTS))
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    LOGS.mkdir(parents=True, exist_ok=True)
    _say(f"seed {asked.seed}")
    begun = time.monotonic()
    results = _run_all(asked.parts or list(PARTS), asked.seed)
    failed = [one for one in results if one.code]
    for one in failed:
        last = one.log.read_text(errors="replace").splitlines()[-LINES_OF_A_FAILURE:]
        _say(f"\n=== {one.name}, the end of {one.log} ===", *last)
    names = ", ".join(one.name for one in failed) or "none"
    _say(f"\n{len(results)} parts in {_minutes(time.monotonic() - begun)}, failed: {names}, seed {asked.seed}")
    return 1 if failed else 0


def _run_all(names: Sequence[str], seed: int) -> list[Result]:
    alone = [name for name in names if PARTS[name].alone]
    beside_others = [name for name in names if not PARTS[name].alone]
    results = [_run(name, seed) for name in alone]
    with ThreadPoolExecutor(2) as pool:
        return results + list(pool.map(lambda name: _run(name, seed), beside_others))


def _run(name: str, seed: int) -> Result:
    part, log = PARTS[name], LOGS / f"{name}.log"
    command = [sys.executable, "-m", "pytest", "-n", "0", f"--hypothesis-seed={seed}", *part.tests]
    begun = time.monotonic()
    with log.open("wb") as file:
        environment = os.environ | {"HOLDFAST_SEED": str(seed)} | part.environment
        code = subprocess.run(command, env=environment, stdout=file, stderr=file, check=False).returncode
    result = Result(name, code, time.monotonic() - begun, log)
    told = " ".join(f"{key}={value}" for key, value in part.environment.items())
    _say(f"{'FAILED' if code else 'passed'}  {name:14} {_minutes(result.seconds):>8}  {told} {_slowest(log)}".rstrip())
    return result


def _slowest(log: Path) -> str:
    found = [float(seconds) for seconds in _SLOWEST.findall(log.read_text(errors="replace"))]
    return f"slowest answer after {max(found):.1f} s" if found else ""


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02} min"


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
