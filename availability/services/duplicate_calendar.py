"""A second calendar like the first, to begin from."""

from datetime import datetime

from django.utils.translation import gettext as _

from availability.models import Calendar
from availability.queries.calendars import LONGEST_SLUG, free_slug
from availability.services.retry import durable
from availability.services.save_calendar import MemberChoice, add_calendar
from availability.signals import calendar_copied

_LONGEST_NAME = 120
# what a copy begins anew, or what is given to it here
_ITS_OWN = {
    "id",
    "account",
    "name",
    "slug",
    "epoch",
    "edition",
    "created_at",
    "members_changed_at",
    "hidden_at",
    "paused_at",
    "switched_off_at",
}


def duplicate_calendar(calendar: Calendar, *, now: datetime) -> Calendar:
    """The same settings and members under another name and address; hidden, so that it can be made ready first."""

    def copy() -> Calendar:
        # two copies made at once do not want the same address
        original = Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
        settings = {
            field.name: getattr(original, field.name)
            for field in Calendar._meta.concrete_fields
            if field.name not in _ITS_OWN
        }
        settings["name"] = _name_of_copy(original.name)
        settings["slug"] = free_slug(original.account, f"{original.slug[: LONGEST_SLUG - 5]}-copy")
        settings["hidden_at"] = now
        made = add_calendar(original.account, settings=settings, team=_team(original), now=now)
        calendar_copied.send(Calendar, original=original, copy=made)
        return made

    return durable(copy)


def _name_of_copy(name: str) -> str:
    named = _("%(name)s (copy)")
    return named % {"name": name[: _LONGEST_NAME - len(named % {"name": ""})]}


def _team(calendar: Calendar) -> list[MemberChoice]:
    places = calendar.calendar_members.select_related("member", "schedule").order_by("position", "pk")
    return [MemberChoice(one.member, one.schedule, one.priority, one.is_fixed, one.is_lead) for one in places]
