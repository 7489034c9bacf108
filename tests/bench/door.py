"""Requests through all of the site but the network: as a web server hands them in."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.db import connection

Application = Callable[[dict[str, Any], Any], Any]


class NotAnswered(RuntimeError):
    """Something else than 200 came back."""


class Door:
    def __init__(self, application: Application) -> None:
        self._application = application

    def get(self, path: str, query: str = "") -> bytes:
        status: list[str] = []
        response = self._application(_environ(path, query), lambda code, headers: status.append(code))
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not status[0].startswith("200"):
            raise NotAnswered(f"{path}: {status[0]} {body[:500]!r}")
        return body


def queries_of(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Every statement that ``ask`` sends to the database, with its arguments: one round trip each."""
    seen: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], statement: str, arguments: Any, many: bool, context: Any) -> Any:
        seen.append((statement, arguments))
        return execute(statement, arguments, many, context)

    with connection.execute_wrapper(note):
        ask()
    return seen


def _environ(path: str, query: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT": "application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
