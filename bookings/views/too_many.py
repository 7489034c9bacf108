"""The answer to whoever meets a limit outside a form: a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Account
from bookings.forms.too_many import too_many_sentence
from bookings.services.admission import TooMany


def too_many(request: HttpRequest, refused: TooMany, account: Account | None = None) -> HttpResponse:
    """429 with Retry-After. ``account`` only where the reader knows already whom they are dealing with."""
    response = render(request, "bookings/too_many.html", {"sentence": too_many_sentence(account)}, status=429)
    return wait(response, refused)


def wait(response: HttpResponse, refused: TooMany) -> HttpResponse:
    """The same answer, with how long to wait."""
    response["Retry-After"] = str(refused.retry_after)
    return response
