"""The views that ours is compared with, behind the same middleware: they query and answer, and do nothing else."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from availability.queries.rows import rows
from config.urls import urlpatterns as ours

# what `every_query` asks; put there by whoever has seen the requests of the site
QUERIES: list[tuple[str, Any]] = []


def one_query(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, epoch FROM availability_calendar WHERE slug = %s", ["half-an-hour"])
        ((found, epoch),) = cursor.fetchall()
    return JsonResponse({"calendar": found, "epoch": epoch})


def every_query(request: HttpRequest) -> JsonResponse:
    found = 0
    with connection.cursor() as cursor:
        for statement, arguments in QUERIES:
            cursor.execute(statement, arguments)
            found += len(cursor.fetchall())
    return JsonResponse({"rows": found})


def every_query_prepared(request: HttpRequest) -> JsonResponse:
    """As ours are sent: planned once for each connection."""
    return JsonResponse({"rows": sum(len(rows(statement, arguments)) for statement, arguments in QUERIES)})


urlpatterns = [
    path("plain/one/", one_query),
    path("plain/every/", every_query),
    path("plain/every/prepared/", every_query_prepared),
    *ours,
]
