"""What we wrote last, kept with the copy: it tells the host's changes from ours."""

import json
from dataclasses import asdict
from datetime import date, datetime

from integrations.ports import WantedEvent

_TIMES = ("starts_at", "ends_at", "changed_at")


def dumped(wanted: WantedEvent) -> str:
    values = asdict(wanted)
    times = {name: values[name].isoformat() for name in _TIMES if values[name] is not None}
    days = [day.isoformat() for day in wanted.days] if wanted.days else None
    return json.dumps({**values, "changed_at": None, **times, "days": days})


def loaded(text: str) -> WantedEvent | None:
    """None when nothing is known: never written, or the key it was encrypted with is lost."""
    if not text:
        return None
    values = json.loads(text)
    times = {name: datetime.fromisoformat(values[name]) for name in _TIMES if values[name]}
    first, after = values["days"] or (None, None)
    days = (date.fromisoformat(first), date.fromisoformat(after)) if first and after else None
    return WantedEvent(**{**values, **times, "days": days})
