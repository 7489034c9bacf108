"""Openings, weekdays and dates of schedules in the reader's words."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from availability.core import week_picture
from availability.core.hours import DayHours, Opening
from availability.models.schedule import Weekday

register = template.Library()


@register.filter
def on_the_clock(minute: int) -> str:
    """A place on the clock of the stylesheet: "09:30", and "24:00" for the end of a day."""
    return week_picture.clock(minute) if minute < week_picture.DAY_MINUTES else "24:00"


@register.filter
def times_of(opening: Opening) -> str:
    """ "22:00–02:00" """
    return week_picture.times_of(opening)


@register.filter
def all_times(openings: Iterable[Opening]) -> str:
    """ "09:00–12:30, 13:30–18:00"; "Closed" for none"""
    return ", ".join(week_picture.times_of(opening) for opening in openings) or _("Closed")


@register.filter
def week_lines(hours: Iterable[DayHours]) -> list[str]:
    """ "Monday to Thursday 09:00–17:00", a line for days in a row that are alike"""
    return [f"{_weekdays(run)} {all_times(run.openings)}" for run in week_picture.alike(hours)]


@register.filter
def length_of(minutes: int) -> str:
    """ "36 hours 30 minutes" """
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}]
    if rest:
        words.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(words)


@register.filter
def weekday_name(number: int) -> str:
    """ "Monday" for 0, and for 7 again"""
    return str(Weekday(number % 7).label)


@register.filter
def month_short(day: date) -> str:
    """ "Dec" """
    return date_format(day, "M")


@register.filter
def full_day(day: date) -> str:
    """ "24 November 2026" """
    return date_format(day, pgettext("date format: 24 November 2026", "j F Y"))


@register.filter
def weekday_and_day(day: date) -> str:
    """ "Tuesday 24 November 2026" """
    return date_format(day, pgettext("date format: Tuesday 24 November 2026", "l j F Y"))


@register.filter
def day_and_month(day: date) -> str:
    """ "Tuesday 24 November" """
    return date_format(day, pgettext("date format: Tuesday 24 November", "l j F"))


@register.filter
def month_name(day: date) -> str:
    """ "November 2026" """
    return date_format(day, "F Y")


@register.filter
def moment_in(at: datetime, zone: ZoneInfo) -> str:
    """ "Tuesday 24 November 2026, 14:15" by the clock of ``zone``"""
    said = pgettext("date format: Tuesday 24 November 2026, 14:15", "l j F Y, H:i")
    return date_format(at.astimezone(zone), said)


@register.filter
def city_of(zone: object) -> str:
    """ "New York" for America/New_York"""
    return str(zone).rpartition("/")[2].replace("_", " ")


def _weekdays(run: week_picture.Alike) -> str:
    first, last = Weekday(run.first).label, Weekday(run.last).label
    return f"{first}" if run.first == run.last else _("%(first)s to %(last)s") % {"first": first, "last": last}
