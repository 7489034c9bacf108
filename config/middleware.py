"""What no page of this site has a use for is refused before any page sees it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: View) -> View:
    """PostgreSQL knows no NUL in a text, so nothing can be found under one.

    In bodies the forms refuse it, beside its field; the JSON interface does so in queries as well.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        asked = "" if request.path.startswith("/api/") else request.META.get("QUERY_STRING", "")
        if "%00" in asked or any("\0" in value for value in (asked, *request.COOKIES.values())):
            raise BadRequest
        return get_response(request)

    return middleware
