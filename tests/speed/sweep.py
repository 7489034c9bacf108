"""The other end of the scale: the same question in C, where there is a compiler."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from availability.core.intervals import merge

from .workloads import Person, Source, Workload

_SOURCE = Path(__file__).with_name("sweep.c")
_FIELDS = ("first", "stop", "step", "duration", "before", "after", "hosts", "needed")

Stretches = Sequence[tuple[int, int]]


class _Question(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int64) for name in _FIELDS]


class _Stretch(ctypes.Structure):
    _fields_ = [("start", ctypes.c_int64), ("end", ctypes.c_int64)]


@cache
def compiled() -> ctypes.CDLL | None:
    """The sweep, compiled for this machine; None where there is no gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "sweep.so"
        options = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, "-o", library, _SOURCE], check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.free_starts.restype = ctypes.c_int64
    return loaded


class Sweep:
    """One workload, laid out for the sweep. The runs of opening hours must begin on the grid."""

    def __init__(self, library: ctypes.CDLL, workload: Workload) -> None:
        runs = [merge(workload.opens_and_closes(person)) for person in workload.people]
        busy = [_in_the_way(workload, person) for person in workload.people]
        cells = (workload.end - workload.start) // workload.interval
        self._starts = (ctypes.c_int64 * cells)()
        scratch = ((ctypes.c_int32 * (cells + 1))(), (ctypes.c_uint16 * cells)())
        self._arguments = (ctypes.byref(_question(workload)), *_packed(runs), *_packed(busy), *scratch, self._starts)
        self._free_starts = library.free_starts

    def count(self) -> int:
        """What is timed: how many starts it found, which then lie in memory."""
        return self._free_starts(*self._arguments)

    def starts(self) -> list[int]:
        return self._starts[: self.count()]


def _in_the_way(workload: Workload, person: Person) -> Stretches:
    """Busy time, and the sessions of a class that have no seat left; there are no buffers in a class."""
    seats = workload.stretches_of(person, Source.SEAT)
    full = {one for one in seats if seats.count(one) >= workload.seats}
    return [*workload.stretches_of(person, Source.APPOINTMENT, Source.EVENT), *full]


def _question(workload: Workload) -> _Question:
    terms = (workload.interval, workload.duration, workload.before, workload.after)
    return _Question(workload.start, workload.end, *terms, len(workload.people), workload.needed)


def _packed(per_person: Sequence[Stretches]) -> tuple[ctypes.Array[_Stretch], ctypes.Array[ctypes.c_int64]]:
    """All stretches in one row, and for each person where theirs end in it."""
    row = [_Stretch(start, end) for stretches in per_person for start, end in stretches]
    ends = list(accumulate(len(stretches) for stretches in per_person))
    return (_Stretch * len(row))(*row), (ctypes.c_int64 * len(ends))(*ends)
