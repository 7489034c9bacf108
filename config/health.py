"""What a load balancer and an operator ask: alive, and ready."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config.supervisor import seconds_since_beat

BEAT_TOO_OLD_SECONDS = 120


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database and workers, a status each; 503 unless both are well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        age = seconds_since_beat()
    except Error:
        return JsonResponse({"database": {"status": "down"}, "workers": {"status": "unknown"}}, status=503)
    working = age is not None and age < BEAT_TOO_OLD_SECONDS
    workers = {"status": "ok" if working else "down", "seconds_since_beat": age}
    return JsonResponse({"database": {"status": "ok"}, "workers": workers}, status=200 if working else 503)
