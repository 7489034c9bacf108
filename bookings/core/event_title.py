"""The title of an event in a host's own calendar, made from a template that a member of the account wrote."""

import re

USUAL = "{calendar}: {customer}"
_PLACEHOLDER = re.compile(r"\{(calendar|customer)\}")


def event_title(template: str, *, calendar: str, customer: str) -> str:
    """``{calendar}`` and ``{customer}`` filled in, anything else as it stands; braces in the names mean nothing."""
    words = {"calendar": calendar, "customer": customer}
    return _PLACEHOLDER.sub(lambda found: words[found[1]], template)
