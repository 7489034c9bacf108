"""A failure nobody foresaw, as it goes into the log."""

from pathlib import Path
from traceback import extract_tb

import structlog

log = structlog.get_logger(__name__)


def log_unexpected(event: str, error: Exception, **ids: int) -> None:
    """What and where, never the text: it may hold what somebody wrote to us or into their calendar."""
    frames = extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    log.error(event, error=type(error).__name__, where=where, **ids)
