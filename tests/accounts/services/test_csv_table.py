import csv
from io import StringIO

import pytest

from accounts.services.csv_table import csv_lines


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def test_cells_come_back_as_they_were():
    rows = [("Name", "Note"), ("Ada, Countess", 'two\nlines and a "quote"'), ("", "Zoë")]

    assert read("".join(csv_lines(rows))) == [list(row) for row in rows]


@pytest.mark.parametrize("cell", ["=1+1", "+49 170", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_a_spreadsheet_would_reckon_is_marked_as_text(cell):
    assert "".join(csv_lines([(cell,)])) == f'\ufeff"\'{cell}"\r\n'
