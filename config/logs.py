"""Logs as JSON lines with a correlation id, from our code and from the libraries alike."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# whoever has such an address can open the page, or reads whom somebody looked for: it stands in no log
_BEARER = re.compile(r"(/book/manage/|/password/[^/\s]+/|/invitation/|/settings/profile/address/|[?&]q=)[^/\s?&]+")


def without_bearers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event with the secret part of every address in it blotted out."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _BEARER.sub(r"\1…", value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_bearers,
]


def logging_settings(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: one handler to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
            "axes": {"level": "WARNING"},
            # they log request and calendar contents at lower levels
            "caldav": {"level": "CRITICAL"},
            "icalendar": {"level": "CRITICAL"},
        },
    }


def configure_structlog() -> None:
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
