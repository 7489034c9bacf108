"""That everything can be measured; how fast it was is not judged here."""

import json
import subprocess
import sys

import pytest

PARTS = ["core", "slots request", "recomputation", "booking", "sync", "sync latency"]

pytestmark = pytest.mark.flow


def test_a_quick_run_measures_every_part_and_gets_every_answer_right(tmp_path):
    path = tmp_path / "bench.json"

    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", str(path)], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    findings = json.loads(path.read_text())["findings"]
    assert list(dict.fromkeys(one["part"] for one in findings)) == PARTS
    assert next(one["value"] for one in findings if one["name"] == "wrong answers") == 0
