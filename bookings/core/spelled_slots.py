"""Slots as the JSON interface spells them: hundreds an answer, and nearly all were spelled before."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat
from zoneinfo import ZoneInfo


@lru_cache(maxsize=128)
def spelled_slots(
    starts: tuple[int, ...], seats_left: tuple[int | None, ...] | None, duration: timedelta, zone: ZoneInfo
) -> bytes:
    """The answer with these starts (epoch seconds) by the clocks of ``zone``; ``seats_left`` where they are shown."""
    length = int(duration.total_seconds())
    spelled = map(_spelled, starts, seats_left or repeat(None), repeat(length), repeat(zone))
    return f'{{"slots": [{", ".join(spelled)}], "time_zone": {json.dumps(zone.key)}}}'.encode()


@lru_cache(maxsize=16_384)
def _spelled(start: int, seats_left: int | None, length: int, zone: ZoneInfo) -> str:
    starts, ends = (datetime.fromtimestamp(at, zone).isoformat() for at in (start, start + length))
    return f'{{"start": "{starts}", "end": "{ends}", "seats_left": {json.dumps(seats_left)}}}'
