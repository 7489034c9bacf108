"""Days, times and lengths in the reader's words. Aware times are shown in the zone the view has activated."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, pgettext

from bookings.core import zones

register = template.Library()
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@register.filter
def day_words(value: date) -> str:
    """ "Tuesday 24 November" """
    return date_format(_local(value), pgettext("date format: Tuesday 24 November", "l j F"))


@register.filter
def short_day(value: date) -> str:
    """ "Wed 25 Nov" """
    return date_format(_local(value), pgettext("date format: Wed 25 Nov", "D j M"))


@register.filter
def full_date(value: date) -> str:
    """ "24 November 2026" """
    return date_format(_local(value), pgettext("date format: 24 November 2026", "j F Y"))


@register.filter
def month_words(value: date) -> str:
    """ "November 2026" """
    return date_format(_local(value), "F Y")


@register.filter
def days_until(first: date, last: date) -> str:
    """ "23 – 29 November 2026", each part named only where it differs"""
    full = pgettext("date format: 24 November 2026", "j F Y")
    if first.year != last.year:
        start = full
    elif first.month != last.month:
        start = pgettext("date format: 24 November", "j F")
    else:
        start = pgettext("date format: 24", "j")
    return f"{date_format(first, start)} – {date_format(last, full)}"


@register.filter
def clock(value: datetime) -> str:
    """ "14:15", to the minute and the same in every language"""
    return date_format(_local(value), "H:i")


@register.filter
def day_clock(value: datetime) -> str:
    """ "Tuesday 24 November, 14:15" """
    return date_format(_local(value), pgettext("date format: Tuesday 24 November, 14:15", "l j F, H:i"))


@register.filter
def full_day_clock(value: datetime) -> str:
    """ "Tuesday 24 November 2026, 14:15" """
    return date_format(_local(value), pgettext("date format: Tuesday 24 November 2026, 14:15", "l j F Y, H:i"))


@register.filter
def offset(value: datetime) -> str:
    """ "UTC+1" """
    return zones.offset_words(_local(value).utcoffset() or timedelta())


@register.filter
def iso(value: datetime) -> str:
    """For datetime attributes."""
    return timezone.localtime(value).isoformat(timespec="minutes")


@register.filter
def city(value: object) -> str:
    """ "New York" for America/New_York"""
    return zones.city(ZoneInfo(str(value)))


@register.filter
def length_words(value: timedelta) -> str:
    """ "45 minutes", "1 hour", "1 hour 30 minutes" """
    hours, minutes = divmod(round(value.total_seconds() / 60), 60)
    words = []
    if hours:
        words.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes or not hours:
        words.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    return " ".join(words)


@register.filter
def until(start: datetime, end: datetime) -> timedelta:
    return end - start


@register.simple_tag
def price(amount: Decimal | None, currency: str) -> str:
    """ "€68", "CHF 68.50"; empty for no price"""
    if amount is None:
        return ""
    figures = number_format(amount, decimal_pos=0 if amount == amount.to_integral() else 2)
    if currency in _SIGNS:
        return gettext("%(sign)s%(amount)s") % {"sign": _SIGNS[currency], "amount": figures}
    return f"{currency} {figures}"


def _local(value: Any) -> Any:
    """An aware time in the zone of the page; dates and naive times as they are."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
