"""The answers when something went wrong: pages for people, JSON under /api/; 503 while the database is away.

Django's own views of errors look for a CSRF token in the form, and fail anew where the form itself is what was wrong.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

RETRY_AFTER_SECONDS = 10
# connection exceptions, no room for another connection, the server ends or begins
_AWAY = ("08", "53", "57P")
# waited too long for a lock, took too long, lost against others thrice in a row: another try may go through
_BUSY = ("55P03", "57014", "40")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, 413, "too_large", _("The body is too large."), page="400.html")
    return _answer(request, 400, "bad_request", _("This request could not be read."), page="400.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_for_machines(request):
        return _as_json(404, "not_found", _("There is nothing here."))
    return HttpResponse(loader.get_template("404.html").render({}, request), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django asks here while it handles the exception."""
    if not is_away(sys.exception()):
        return _answer(request, 500, "failed", _("Something went wrong on our side."), page="500.html")
    away = _("The database cannot be reached just now. Try again in a moment.")
    response = _answer(request, 503, "unavailable", away, page="503.html")
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def is_away(error: BaseException | None) -> bool:
    """Whether the database is away or too busy, and nothing is wrong with what was asked of it."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # an error that the server did not report itself has no state
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return not state or state.startswith(_AWAY + _BUSY)


def _answer(request: HttpRequest, status: int, error: str, message: str, *, page: str) -> HttpResponse:
    """The page is drawn without the request: nothing may ask the database for the user, or read the form again."""
    if _is_for_machines(request):
        return _as_json(status, error, message)
    return HttpResponse(loader.get_template(page).render(), status=status)


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _as_json(status: int, error: str, message: str) -> HttpResponse:
    return JsonResponse({"error": error, "message": message}, status=status)
