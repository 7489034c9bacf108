"""What a load balancer and an operator ask: alive, and ready."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.services.mail_pause import seconds_overdue
from config.supervisor import seconds_since_beat

BEAT_TOO_OLD_SECONDS = 120
MAIL_LATE_SECONDS = 300


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database, workers and mail, a status each; 503 unless the first two are well: late mail stops no booking."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        age, overdue = seconds_since_beat(), seconds_overdue()
    except Error:
        unknown = {"status": "unknown"}
        return JsonResponse({"database": {"status": "down"}, "workers": unknown, "mail": unknown}, status=503)
    working = age is not None and age < BEAT_TOO_OLD_SECONDS
    workers = {"status": "ok" if working else "down", "seconds_since_beat": age}
    mail = {"status": "late" if overdue > MAIL_LATE_SECONDS else "ok", "seconds_overdue": overdue}
    every = {"database": {"status": "ok"}, "workers": workers, "mail": mail}
    return JsonResponse(every, status=200 if working else 503)
