"""The five types of calendars in words, and what each of them asks for."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from availability.models import CalendarType


class TypeInWords(NamedTuple):
    """``sentence``: what such a calendar does."""

    type: CalendarType
    sentence: Promise


# Service goes first: it suits most, and it is what the editor proposes
TYPES = (
    TypeInWords(
        CalendarType.SERVICE,
        _("One thing you offer: customers choose who provides it, or anyone who is free."),
    ),
    TypeInWords(
        CalendarType.ROUND_ROBIN,
        _("Every time at which somebody of the team is free; each booking goes to one of them."),
    ),
    TypeInWords(
        CalendarType.COLLECTIVE,
        _("Only times at which everybody is free: all of them take part, and one of them leads."),
    ),
    TypeInWords(
        CalendarType.CLASS,
        _("One host, many seats: customers book the same times until the last seat is taken."),
    ),
    TypeInWords(
        CalendarType.SIMPLE,
        _(
            "One host, and nothing around it: it does not look at your connected calendars and writes nothing into "
            "them. Meant for hours that are kept for it alone."
        ),
    ),
)
PROPOSED = TYPES[0].type
WITH_ONE_HOST = frozenset((CalendarType.SIMPLE, CalendarType.CLASS))
WITH_PRIORITIES = frozenset((CalendarType.ROUND_ROBIN, CalendarType.SERVICE))

_EVERY_TYPE = """
    name slug description type price currency duration interval buffer_before buffer_after minimum_notice date_range
    horizon_days range_first range_last day_limit week_limit place_kind place time_zone_locked edition hidden
"""
_SYNCED = frozenset(("title_template", "customer_detail"))
_BY_TYPE = {
    CalendarType.SERVICE: _SYNCED | {"category", "look_busy"},
    CalendarType.ROUND_ROBIN: _SYNCED | {"assignment_mode", "lead_cap", "keeps_host", "look_busy"},
    CalendarType.COLLECTIVE: _SYNCED | {"look_busy"},
    CalendarType.CLASS: _SYNCED | {"seats", "shows_seats"},
    CalendarType.SIMPLE: frozenset(("look_busy",)),
}


def settings_of(kind: CalendarType) -> frozenset[str]:
    """The fields of the editor that mean something for this type; the others stay as they are."""
    return _BY_TYPE[kind].union(_EVERY_TYPE.split())


def sentence_about(kind: CalendarType) -> Promise:
    return next(one.sentence for one in TYPES if one.type is kind)
