"""docs/sync.md: every behaviour of servers has its row, and every test it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "sync.md").read_text()
TESTS = ROOT / "tests" / "integrations"


def test_each_behaviour_has_one_row():
    assert re.findall(r"^\| (S\d+) \|", TABLE, re.MULTILINE) == [f"S{number}" for number in range(1, 59)]


def test_each_row_names_a_test_that_is_there():
    named = re.findall(r"`([\w/]+\.py)::(\w+)` \|$", TABLE, re.MULTILINE)

    assert len(named) == len(re.findall(r"`[^`]+` \|$", TABLE, re.MULTILINE)) >= 58
    assert [(path, name) for path, name in named if name not in _tests_in(path)] == []


def _tests_in(path: str) -> set[str]:
    tree = ast.parse((TESTS / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
