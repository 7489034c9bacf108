"""A signed-in person reads pages in their own language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import User

View = Callable[[HttpRequest], HttpResponse]


def reader_settings(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return get_response(request)
        # what somebody chose with the language switch goes before what stands in the profile
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.locale)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        with timezone.override(zoneinfo.ZoneInfo(str(user.time_zone))):
            return get_response(request)

    return middleware
