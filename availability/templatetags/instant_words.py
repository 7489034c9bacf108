"""Instants in the reader's words: epoch seconds by the clock of a zone, and aware times in the zone of the page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from availability.core.intervals import Interval, moment
from availability.core.verdict_lines import comes_twice
from availability.templatetags.opening_words import length_of

register = template.Library()
_DAY_MINUTES = 24 * 60


@register.filter
def on_the_wall(at: int, zone: ZoneInfo) -> str:
    """ "08:30"; with its offset, "02:30 (UTC+2)", if the clock shows it twice that day"""
    said = date_format(moment(at).astimezone(zone), "H:i")
    return f"{said} ({_offset(at, zone)})" if comes_twice(at, zone) else said


@register.filter
def machine_time(at: int, zone: ZoneInfo) -> str:
    """For datetime attributes."""
    return moment(at).astimezone(zone).isoformat(timespec="minutes")


@register.filter
def day_and_time(at: int, zone: ZoneInfo) -> str:
    """ "Tuesday 24 November, 14:15" """
    said = pgettext("date format: Tuesday 24 November, 14:15", "l j F, H:i")
    return date_format(moment(at).astimezone(zone), said)


@register.filter
def moment_words(at: datetime) -> str:
    """ "Tuesday 24 November 2026, 14:15", in the zone of the page"""
    said = pgettext("date format: Tuesday 24 November 2026, 14:15", "l j F Y, H:i")
    return date_format(timezone.localtime(at), said)


def stretch_words(stretch: Interval, day: Interval, zone: ZoneInfo) -> str:
    """ "09:30–11:30", "all day", or with the dates where it reaches over the ``day`` that is shown"""
    if stretch == day:
        return _("all day")
    if not day.covers(stretch):
        return f"{day_and_time(stretch.start, zone)} – {day_and_time(stretch.end, zone)}"
    end = "24:00" if stretch.end == day.end else on_the_wall(stretch.end, zone)
    return f"{on_the_wall(stretch.start, zone)}–{end}"


def length_words(lasts: timedelta) -> str:
    """ "3 days", "36 hours 30 minutes", "15 minutes" """
    minutes = int(lasts.total_seconds()) // 60
    days, rest = divmod(minutes, _DAY_MINUTES)
    if days and not rest:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return length_of(minutes)


def _offset(at: int, zone: ZoneInfo) -> str:
    offset = moment(at).astimezone(zone).utcoffset() or timedelta()
    hours, rest = divmod(abs(int(offset.total_seconds())) // 60, 60)
    return f"UTC{'−' if offset < timedelta() else '+'}{hours}{f':{rest:02}' if rest else ''}"
