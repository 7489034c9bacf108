"""A move that is not made: why not, as a part of a page for the dialog."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import StaffRequest


def refused(
    request: StaffRequest,
    why: Sequence[str],
    *,
    status: int = 409,
    link: Mapping[str, str] | None = None,
) -> HttpResponse:
    """``link``: a ``url`` and the ``label`` of where more can be done."""
    return render(request, "bookings/parts/move_not_made.html", {"why": why, "link": link}, status=status)
