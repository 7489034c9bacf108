"""What RATE_LIMITS says: how often who may do what."""

import re

from django.core.exceptions import ImproperlyConfigured

# times and the seconds they hold for; 0 seconds: so many at once, whenever
RateLimits = dict[str, tuple[int, int]]

_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_PER = re.compile(r"(\d{1,6})/([mhd])")
_AT_ONCE = re.compile(r"(\d{1,6})")
DEFAULTS: RateLimits = {
    "book-address": (30, _SECONDS["h"]),
    "book-email": (5, _SECONDS["d"]),
    "book-account": (500, _SECONDS["h"]),
    "change-appointment": (10, _SECONDS["d"]),
    "change-email": (20, _SECONDS["d"]),
    "manage-guess": (60, _SECONDS["h"]),
    "open-per-customer": (5, 0),
    "invite-account": (50, _SECONDS["d"]),
    "invite-email": (5, _SECONDS["d"]),
    "address-user": (5, _SECONDS["d"]),
}


def read_rate_limits(text: str) -> RateLimits:
    """The defaults, with what ``text`` says otherwise: "book-email=3/d,open-per-customer=10"; "off" is no limit at all.

    Raises ImproperlyConfigured.
    """
    if text.strip().lower() == "off":
        return {}
    entries = [entry.strip() for entry in text.split(",")]
    return DEFAULTS | dict(_entry(entry) for entry in entries if entry)


def _entry(entry: str) -> tuple[str, tuple[int, int]]:
    name, _, value = (part.strip() for part in entry.partition("="))
    if name not in DEFAULTS:
        raise ImproperlyConfigured(f"RATE_LIMITS: there is no limit “{name}”; there are {', '.join(DEFAULTS)}.")
    at_once = DEFAULTS[name][1] == 0
    found = (_AT_ONCE if at_once else _PER).fullmatch(value)
    if not found or int(found[1]) == 0:
        wanted = "a number like 5" if at_once else "a number per m, h or d, like 30/h"
        raise ImproperlyConfigured(f"RATE_LIMITS: {name} takes {wanted}, not “{value}”.")
    return name, (int(found[1]), 0 if at_once else _SECONDS[found[2]])
