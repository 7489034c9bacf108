"""Going on to another page of the same account."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url

from accounts.access import StaffRequest


def to_page(request: StaffRequest, name: str, *args: object, part: str = "") -> HttpResponseRedirect:
    """See the page ``name`` of the account the request was about; ``part`` is a fragment like "#left"."""
    return HttpResponseRedirect(f"{resolve_url(name, *args)}?account={request.member.account.slug}{part}")
