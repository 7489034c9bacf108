"""What was found, what it must be and should be, and how that is told to people and to machines."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple


class Finding(NamedTuple):
    """A ratio or a number; ``must`` and ``goal`` are the most it may and should be, None where nothing is asked.

    ``note`` says in words what stands behind it.
    """

    part: str
    name: str
    value: float
    must: float | None = None
    goal: float | None = None
    is_count: bool = False
    note: str = ""

    @property
    def is_missed(self) -> bool:
        return self.must is not None and self.value > self.must

    def shown(self, value: float | None) -> str:
        """1/95 for what is much less than one, 1.4 × otherwise; counts as they are."""
        if value is None:
            return ""
        if self.is_count:
            return f"{value:g}"
        return f"1/{1 / value:.0f}" if 0 < value < 0.2 else f"{value:.2f} ×"

    def verdict(self) -> str:
        if self.is_missed:
            return "MISSED"
        if self.goal is not None and self.value <= self.goal:
            return "goal"
        return "" if self.must is None else "must"


def table(findings: Iterable[Finding]) -> str:
    """In Markdown, so that it can be pasted into the documentation."""
    lines = ["| | measured | must | goal | met | |", "|---|--:|--:|--:|---|---|"]
    for one in findings:
        cells = (one.name, one.shown(one.value), one.shown(one.must), one.shown(one.goal), one.verdict(), one.note)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def missed(findings: Iterable[Finding]) -> Sequence[str]:
    return [
        f"{one.part}, {one.name}: {one.shown(one.value)}, and it must be {one.shown(one.must)} at most"
        for one in findings
        if one.is_missed
    ]


def write(findings: Iterable[Finding], path: Path) -> None:
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    rows = [one._asdict() | {"met": one.verdict()} for one in findings]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"on": machine, "findings": rows}, indent=1) + "\n", encoding="utf-8")
