"""Who asks, as far as holds go: a random cookie and the address, both known as digests alone."""

import re
import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.queries import address_of

COOKIE = "browser"
_SALT = "bookings.views.browser"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")


def browser_of(request: HttpRequest) -> str | None:
    """The digest of the browser's cookie; None if it has none of ours."""
    name = request.COOKIES.get(COOKIE, "")
    return _digest(name) if _SHAPE.fullmatch(name) else None


def address_digest(request: HttpRequest) -> str:
    return _digest(address_of(request))


def new_browser() -> tuple[str, str]:
    """A name for the cookie, and its digest."""
    name = secrets.token_urlsafe(24)
    return name, _digest(name)


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Until the browser is closed."""
    response.set_cookie(COOKIE, name, httponly=True, samesite="Lax", secure=request.is_secure())


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()
