"""How long a server asks us to wait (RFC 9110 10.2.3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)


def wait_named_by(headers: Mapping[str, str]) -> timedelta | None:
    """None when nothing usable is said. Names of headers are lower-case.

    A date is measured against the answer's own date, so that the server's clock is compared with itself.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), LONGEST)
    until, said = _date(text), _date(headers.get("date", ""))
    if until is None or said is None or until <= said:
        return None
    return min(until - said, LONGEST)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo is not None else None
