"""Whoever has the address of an appointment has the appointment: it is kept, listed and passed on nowhere (X22)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]
_PAGES = "/book/manage/"


def keep_addresses_private(get_response: View) -> View:
    """Outside everything else, so that pages of errors are no exception."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(_PAGES):
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = "no-referrer"
        return response

    return middleware
