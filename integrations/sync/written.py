"""What we wrote last, and tried to write since, kept with the copy: it tells the host's changes from ours."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from integrations.ports import WantedEvent

_TIMES = ("starts_at", "ends_at", "changed_at")
_TRIED = "tried"
# of a copy that changes while its server never answers, the last so many
_MOST_TRIED = 5


def dumped(written: WantedEvent, tried: Collection[WantedEvent] = ()) -> str:
    """``tried``: what else may lie there, because nobody knows how the try ended; oldest first."""
    return json.dumps({**_values(written), _TRIED: [_values(one) for one in tried]})


def with_try(text: str, wanted: WantedEvent) -> str:
    """``text`` as it is before ``wanted`` is written."""
    known = json.loads(text) if text else {}
    values = _values(wanted)
    others = [one for one in known.get(_TRIED, []) if one != values]
    return json.dumps({**known, _TRIED: [*others, values][-_MOST_TRIED:]})


def loaded(text: str) -> WantedEvent | None:
    """None when nothing is known: never written, or the key it was encrypted with is lost."""
    values = json.loads(text) if text else {}
    values.pop(_TRIED, None)
    return _event(values) if values else None


def tried_in(text: str) -> tuple[WantedEvent, ...]:
    """Oldest first; empty when the last try was answered."""
    values = json.loads(text) if text else {}
    return tuple(_event(one) for one in values.get(_TRIED, []))


def _values(event: WantedEvent) -> dict[str, Any]:
    values = asdict(event)
    times = {name: values[name].isoformat() for name in _TIMES if values[name] is not None}
    days = [day.isoformat() for day in event.days] if event.days else None
    return {**values, "changed_at": None, **times, "days": days}


def _event(values: dict[str, Any]) -> WantedEvent:
    times = {name: datetime.fromisoformat(values[name]) for name in _TIMES if values[name]}
    first, after = values["days"] or (None, None)
    days = (date.fromisoformat(first), date.fromisoformat(after)) if first and after else None
    return WantedEvent(**{**values, **times, "days": days})
