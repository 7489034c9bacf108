"""Closures and holidays in the reader's words."""

from datetime import date, time

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

from availability.queries.closures import ClosureLine
from availability.queries.country_names import COUNTRY_NAMES
from availability.queries.holidays import subdivisions

register = template.Library()


@register.filter
def long_day(day: date) -> str:
    """ "Tuesday 24 November 2026" """
    return date_format(day, pgettext("date format: Tuesday 24 November 2026", "l j F Y"))


@register.filter
def closed_when(line: ClosureLine) -> str:
    """ "Thursday 24 December 2026", or from one day to another, with the times if it is not for whole days"""
    first, last = long_day(line.first.day), long_day(line.last.day)
    if line.is_whole_days:
        return first if line.is_one_day else f"{first} – {last}"
    opens, closes = _clock(line.first.at, "00:00"), _clock(line.last.at, "24:00")
    return f"{first}, {opens} – {closes}" if line.is_one_day else f"{first}, {opens} – {last}, {closes}"


@register.filter
def country_words(country: str, subdivision: str) -> str:
    """ "Germany", "Germany, Bayern" """
    names = [COUNTRY_NAMES.get(country, country)]
    if subdivision:
        names.append(dict(subdivisions(country)).get(subdivision, subdivision))
    return ", ".join(str(name) for name in names)


def _clock(at: time | None, unsaid: str) -> str:
    return f"{at:%H:%M}" if at else unsaid
