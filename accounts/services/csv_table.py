"""Tables for other programs. What a spreadsheet would take for a formula is marked as text."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

# what makes a cell a formula in one spreadsheet or another, in its usual and its full-width form
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """One line of text a row, each cell quoted; led by a mark that names the encoding."""
    yield "\ufeff"
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_as_text(cell) for cell in row])
        yield line.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
