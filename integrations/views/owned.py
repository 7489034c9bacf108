"""Whose login it is: a page of somebody else's does not exist."""

from typing import cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url

from accounts.access import StaffRequest
from accounts.models import User
from integrations.models import Connection
from integrations.queries.connections import connections_of


def owned(request: StaffRequest, pk: int) -> Connection:
    """The reader's own connection, its credential unread; 404 for any other."""
    connection = connections_of(cast("User", request.user)).filter(pk=pk).first()
    if connection is None:
        raise Http404
    return connection


def by_htmx(request: StaffRequest) -> bool:
    """Whether a part of a page asks, and not the browser for a whole one."""
    return bool(getattr(request, "htmx", False))


def back_to(request: StaffRequest, page: str, *args: object, part: str = "") -> HttpResponse:
    """On to a page in the same account; out of a dialog too."""
    url = f"{resolve_url(page, *args)}?account={request.member.account.slug}{part}"
    if by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
