"""Reasons of the troubleshooter as sentences in the reader's language; instants are shown in the zone of the day."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from availability.core.intervals import instant
from availability.core.rules import ReasonCode
from availability.models import DateRange
from availability.queries.explanation import DayExplanation
from availability.queries.explanation_reasons import Distance, NotOpen, Told
from availability.queries.explanation_sources import Booking, Outside, Person, Unread
from availability.templatetags.instant_words import day_and_time, length_words, on_the_wall, stretch_words
from availability.templatetags.opening_words import day_and_month, full_day

register = template.Library()
Says = Callable[[Told, DayExplanation], str]
_WHOLE_DAY = 36 * 60 * 60  # no local day is as long, and no week as short


@register.simple_tag
def reason_words(told: Told, shown: DayExplanation) -> str:
    """One sentence or two: what is so, and what stands behind it."""
    return _SAYS[told.code](told, shown)


def _when(told: Told, shown: DayExplanation) -> str:
    return stretch_words(told.interval, shown.span, shown.zone) if told.interval else ""


def _past(_told: Told, _shown: DayExplanation) -> str:
    return _("This time is over.")


def _notice(_told: Told, shown: DayExplanation) -> str:
    said = _("Minimum notice: %(length)s. The earliest start is now %(moment)s.")
    earliest = day_and_time(shown.reach.earliest, shown.zone)
    return said % {"length": length_words(shown.calendar.minimum_notice), "moment": earliest}


def _horizon(_told: Told, shown: DayExplanation) -> str:
    calendar = shown.calendar
    if calendar.date_range == DateRange.FIXED and calendar.range_first and calendar.range_last:
        said = _("Only dates from %(first)s to %(last)s can be booked.")
        return said % {"first": full_day(calendar.range_first), "last": full_day(calendar.range_last)}
    said = ngettext(
        "Only %(count)d day ahead can be booked, now up to %(moment)s.",
        "Only %(count)d days ahead can be booked, now up to %(moment)s.",
        calendar.horizon_days,
    )
    return said % {"count": calendar.horizon_days, "moment": day_and_time(shown.reach.latest, shown.zone)}


def _hours(told: Told, shown: DayExplanation) -> str:
    schedule, that_day = told.hours.name, told.behind is NotOpen.THAT_DAY
    if told.hours.pk is None:
        return _("There is no schedule, and so no hours.")
    if told.behind is NotOpen.ON_THIS_GRID:
        said = _("Open then, but no start falls on this time: they are counted from each opening, every %(length)s.")
        return said % {"length": length_words(shown.calendar.interval)}
    if not schedule:
        return _("No hours on this day.") if that_day else _("Outside the hours.")
    said = _("“%(schedule)s” has no hours on this day.") if that_day else _("Outside the hours of “%(schedule)s”.")
    return said % {"schedule": schedule}


def _duration(told: Told, shown: DayExplanation) -> str:
    said = _("The hours end at %(time)s: an appointment of %(length)s does not fit in any more.")
    at = on_the_wall(told.interval.end, shown.zone) if told.interval else ""
    return said % {"time": at, "length": length_words(shown.calendar.duration)}


def _override(told: Told, shown: DayExplanation) -> str:
    day = day_and_month(told.behind if isinstance(told.behind, date) else shown.day)
    if not told.hours.name:
        return _("On %(day)s other hours hold than usual.") % {"day": day}
    said = _("On %(day)s other hours hold than usual in “%(schedule)s”.")
    return said % {"day": day, "schedule": told.hours.name}


def _holiday(told: Told, _shown: DayExplanation) -> str:
    return _("Closed on a public holiday: %(holiday)s.") % {"holiday": told.behind}


def _closed(told: Told, shown: DayExplanation) -> str:
    when = _when(told, shown)
    if not told.behind:
        return _("Closed, %(when)s.") % {"when": when}
    return _("Closed: %(name)s, %(when)s.") % {"name": told.behind, "when": when}


def _taken(told: Told, shown: DayExplanation) -> str:
    """An appointment, a session, a hold, an event or blocked time, whichever stands behind it."""
    behind = told.behind.of if isinstance(told.behind, Distance) else told.behind
    words = {"when": _when(told, shown)}
    if isinstance(behind, Booking) and behind.calendar:
        return _booked(behind, words, shown)
    if isinstance(behind, Outside) and behind.source:
        words |= {"source": behind.source, "title": behind.title}
        return (
            _("“%(title)s” in %(source)s, %(when)s.") if behind.title else _("Busy in %(source)s, %(when)s.")
        ) % words
    if isinstance(behind, Outside) and behind.is_own_item:
        return _("Blocked in My Calendar, %(when)s.") % words
    return _("Busy, %(when)s.") % words


def _booked(behind: Booking, words: Mapping[str, str], shown: DayExplanation) -> str:
    named = {**words, "calendar": behind.calendar}
    if behind.kept_until:
        said = _("A customer is filling in the form for “%(calendar)s”, %(when)s. The time is kept until %(until)s.")
        return said % {**named, "until": on_the_wall(instant(behind.kept_until), shown.zone)}
    if behind.is_session:
        return _("A session of “%(calendar)s”, %(when)s.") % named
    return _("An appointment on “%(calendar)s”, %(when)s.") % named


def _buffer(told: Told, shown: DayExplanation) -> str:
    distance = told.behind
    if not isinstance(distance, Distance) or told.interval is None:
        return _taken(told, shown)
    at = told.interval.start if distance.is_before else told.interval.end
    words = {"length": length_words(distance.length), "time": on_the_wall(at, shown.zone)}
    if distance.is_before and distance.is_booked:
        said = _("Kept free before %(time)s, as it was booked: %(length)s.")
    elif distance.is_before:
        said = _("Kept free before %(time)s: %(length)s.")
    elif distance.is_booked:
        said = _("Kept free after %(time)s, as it was booked: %(length)s.")
    else:
        said = _("Kept free after %(time)s: %(length)s.")
    return f"{said % words} {_taken(told, shown)}"


def _day_limit(_told: Told, shown: DayExplanation) -> str:
    limit = shown.calendar.day_limit or 0
    said = ngettext(
        "The limit is reached: %(count)d appointment on this day.",
        "The limit is reached: %(count)d appointments on this day.",
        limit,
    )
    return said % {"count": limit}


def _week_limit(_told: Told, shown: DayExplanation) -> str:
    limit = shown.calendar.week_limit or 0
    said = ngettext(
        "The limit is reached: %(count)d appointment in this week.",
        "The limit is reached: %(count)d appointments in this week.",
        limit,
    )
    return said % {"count": limit}


def _host_limit(told: Told, _shown: DayExplanation) -> str:
    is_week = told.interval is not None and told.interval.end - told.interval.start > _WHOLE_DAY
    limit = told.hours.week_limit if is_week else told.hours.day_limit
    if limit is None:
        return (
            _("No more appointments begin in this week.") if is_week else _("No more appointments begin on this day.")
        )
    if is_week:
        said = ngettext(
            "The limit of “%(schedule)s” is reached: %(count)d appointment in this week, on all calendars together.",
            "The limit of “%(schedule)s” is reached: %(count)d appointments in this week, on all calendars together.",
            limit,
        )
    else:
        said = ngettext(
            "The limit of “%(schedule)s” is reached: %(count)d appointment on this day, on all calendars together.",
            "The limit of “%(schedule)s” is reached: %(count)d appointments on this day, on all calendars together.",
            limit,
        )
    return said % {"count": limit, "schedule": told.hours.name}


def _seats(_told: Told, _shown: DayExplanation) -> str:
    return _("All seats of this session are taken.")


def _lead(told: Told, shown: DayExplanation) -> str:
    booked = told.behind if isinstance(told.behind, int) else 0
    said = ngettext(
        "Booked %(count)d time this month, and so %(cap)d or more ahead of whoever is booked least.",
        "Booked %(count)d times this month, and so %(cap)d or more ahead of whoever is booked least.",
        booked,
    )
    return said % {"count": booked, "cap": shown.calendar.lead_cap}


def _needed(told: Told, _shown: DayExplanation) -> str:
    name = told.behind.name if isinstance(told.behind, Person) else ""
    return _("%(name)s must be free as well, and is not.") % {"name": name}


def _nobody(_told: Told, shown: DayExplanation) -> str:
    if not shown.hosts:
        return _("Nobody serves this calendar.")
    away = [person.name for person in shown.hosts if not person.is_active]
    if not away:
        return _("Nobody is left who could take the appointment.")
    return _("Nobody is left who could take the appointment: %(names)s cannot sign in any more.") % {
        "names": ", ".join(away)
    }


def _inactive(_told: Told, shown: DayExplanation) -> str:
    if shown.calendar.switched_off_at:
        return _("The calendar is switched off: it has no page.")
    return _("The calendar is paused: its page says that nothing can be booked now.")


def _stale(told: Told, _shown: DayExplanation) -> str:
    source = told.behind
    if not isinstance(source, Unread) or not source.name:
        return _("A connected calendar cannot be trusted now, and nothing is offered until it was read.")
    if not source.was_read:
        return _("“%(source)s” has not been read yet, and nothing is offered until it was.") % {"source": source.name}
    said = _("“%(source)s” was last read more than %(length)s ago, and nothing is offered until it is read again.")
    return said % {"source": source.name, "length": length_words(source.patience)}


def _look_busy(_told: Told, shown: DayExplanation) -> str:
    said = _("Hidden by “look busy”, %(percent)d %%. A link to this time still books it.")
    return said % {"percent": shown.calendar.look_busy}


_SAYS: Mapping[ReasonCode, Says] = MappingProxyType(
    {
        ReasonCode.PAST: _past,
        ReasonCode.NOTICE: _notice,
        ReasonCode.HORIZON: _horizon,
        ReasonCode.HOURS: _hours,
        ReasonCode.OVERRIDE: _override,
        ReasonCode.CLOSED: _closed,
        ReasonCode.HOLIDAY: _holiday,
        ReasonCode.DURATION: _duration,
        ReasonCode.BOOKED: _taken,
        ReasonCode.EVENT: _taken,
        ReasonCode.BLOCKED: _taken,
        ReasonCode.BUFFER: _buffer,
        ReasonCode.DAY_LIMIT: _day_limit,
        ReasonCode.WEEK_LIMIT: _week_limit,
        ReasonCode.HOST_LIMIT: _host_limit,
        ReasonCode.SEATS: _seats,
        ReasonCode.ROUND_ROBIN_LEAD: _lead,
        ReasonCode.COLLECTIVE: _needed,
        ReasonCode.NO_HOST: _nobody,
        ReasonCode.INACTIVE: _inactive,
        ReasonCode.STALE: _stale,
        ReasonCode.HELD: _taken,
        ReasonCode.LOOK_BUSY: _look_busy,
    }
)
