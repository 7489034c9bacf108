"""Tables to take along."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

from accounts.services.csv_table import csv_lines


def csv_download(rows: Iterable[Sequence[str]], *, name: str) -> HttpResponse:
    """``rows`` as "name-2026-11-24.csv"; written as a whole: a stream would leave the reader's language behind."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'}
    return HttpResponse("".join(csv_lines(rows)), content_type="text/csv; charset=utf-8", headers=headers)
