"""A calendar from two answers: what can be booked with somebody, and how long it takes."""

from datetime import datetime, timedelta

from django.utils.text import slugify

from accounts.models import Member
from availability.models import Calendar, CalendarType
from availability.queries.calendars import LONGEST_SLUG, free_slug
from availability.services.save_calendar import MemberChoice, SlugTaken, create_calendar

_TRIES = 3


def make_first_calendar(member: Member, *, name: str, duration: timedelta, now: datetime) -> Calendar:
    """A service of ``member`` that begins every ``duration``; all other rules are as a new calendar has them.

    One of this name that is there already is taken for it, so that the same form sent twice makes one calendar.
    """
    settings = {"name": name, "type": CalendarType.SERVICE, "duration": duration, "interval": duration}
    wanted = slugify(name)[:LONGEST_SLUG].strip("-") or "appointment"
    for attempt in range(1, _TRIES + 1):
        found = Calendar.objects.filter(account=member.account, name__iexact=name).first()
        if found:
            return found
        try:
            slug = free_slug(member.account, wanted)
            return create_calendar(
                member.account, settings={**settings, "slug": slug}, team=[MemberChoice(member)], now=now
            )
        except SlugTaken:
            if attempt == _TRIES:
                raise
    raise AssertionError("unreachable")
