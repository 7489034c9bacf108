"""What stands against a start at those who would take it, as one word: nobody overbooks what they have not seen."""

import hashlib
import json
from collections.abc import Iterable

from .explain import Verdict
from .rules import ReasonCode

# said at the host who is needed; and nothing stands against whoever is asked for by name
_SAID_ELSEWHERE = frozenset((ReasonCode.COLLECTIVE, ReasonCode.ROUND_ROBIN_LEAD))


def fingerprint(verdict: Verdict, hosts: Iterable[int]) -> str:
    """The same for the same reasons of the calendar and at these ``hosts``, in any order."""
    found = [(0, reason) for reason in verdict.reasons]
    found += [(key, reason) for key in hosts for reason in verdict.hosts.get(key, ())]
    # two appointments at the very same time are two reasons
    told = sorted((key, reason.code.value, str(reason.interval)) for key, reason in found if _counts(reason.code))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _counts(code: ReasonCode) -> bool:
    return code.forbids and code not in _SAID_ELSEWHERE
