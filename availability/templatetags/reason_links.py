"""Where a reason of the troubleshooter could be changed: a page the reader may open, or none."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from availability.core.rules import ReasonCode
from availability.queries.explanation import DayExplanation
from availability.queries.explanation_reasons import Distance, Told
from availability.queries.explanation_sources import Booking, Outside, Unread

register = template.Library()


class Change(NamedTuple):
    """A link: what it says, and where it leads."""

    label: str
    url: str


@register.simple_tag
def change_of(told: Told, shown: DayExplanation) -> Change | None:
    """The link to what would change this reason; None where nothing does, or the reader may not."""
    return _LINKS[told.code](told, shown)


Link = Callable[[Told, DayExplanation], Change | None]


def _nothing(_told: Told, _shown: DayExplanation) -> None:
    return None


def _in_the_editor(label: Promise, part: str) -> Link:
    """A field of the calendar editor, which is for managers and owners alone."""

    def link(_told: Told, shown: DayExplanation) -> Change | None:
        if not shown.reader.manages:
            return None
        return Change(str(label), _page(shown, "availability:calendar", shown.calendar.pk, part=part))

    return link


def _in_the_schedule(label: Promise, part: str = "") -> Link:
    """The schedule of the host; the list of schedules where they have none."""

    def link(told: Told, shown: DayExplanation) -> Change | None:
        if told.host is None or not told.hours.may_change:
            return None
        if told.hours.pk is None:
            return Change(_("Make a schedule"), _page(shown, "availability:schedules", member=told.host.slug))
        return Change(str(label), _page(shown, "availability:schedule", told.hours.pk, part=part))

    return link


def _closures(label: Promise, part: str = "") -> Link:
    """Closures and public holidays of the account, for managers and owners."""

    def link(_told: Told, shown: DayExplanation) -> Change | None:
        return Change(str(label), _page(shown, "availability:closures", part=part)) if shown.reader.manages else None

    return link


def _holiday(told: Told, shown: DayExplanation) -> Change | None:
    """Staff cannot change the account's holidays, but whether their own schedule keeps them."""
    in_the_schedule = _in_the_schedule(gettext_lazy("Change the schedule"), "id_works_on_holidays")
    return _closures(gettext_lazy("Change the public holidays"), "holidays")(told, shown) or in_the_schedule(
        told, shown
    )


def _state(_told: Told, shown: DayExplanation) -> Change | None:
    if not shown.reader.manages:
        return None
    label = _("Switch it on") if shown.calendar.switched_off_at else _("Open it again")
    return Change(label, _page(shown, "availability:calendars", part=f"calendar-{shown.calendar.pk}"))


def _taken(told: Told, shown: DayExplanation) -> Change | None:
    """The appointment, the connection, or the day in My Calendar: whatever stands behind it."""
    behind = told.behind.of if isinstance(told.behind, Distance) else told.behind
    if isinstance(behind, Booking) and behind.uid:
        label = _("Show the session") if behind.is_session else _("Show the appointment")
        return Change(
            label, reverse(f"bookings:{'session' if behind.is_session else 'appointment'}", args=[behind.uid])
        )
    if isinstance(behind, Outside) and behind.page_url:
        return Change(_("Show the connection"), behind.page_url)
    is_blocked = told.code is ReasonCode.BLOCKED or (isinstance(behind, Outside) and behind.is_own_item)
    if is_blocked and told.host is not None and (told.host.is_reader or shown.reader.manages):
        query = {"host": told.host.slug, "day": shown.day.isoformat()}
        return Change(_("Show the day"), _page(shown, "bookings:my-calendar", **query))
    return None


def _buffer(told: Told, shown: DayExplanation) -> Change | None:
    """The calendar's buffer; where that of the appointment decides, the appointment."""
    if not isinstance(told.behind, Distance) or told.behind.is_booked:
        return _taken(told, shown)
    part = "id_buffer_after" if told.behind.is_before else "id_buffer_before"
    return _in_the_editor(gettext_lazy("Change the buffer"), part)(told, shown)


def _source(told: Told, _shown: DayExplanation) -> Change | None:
    if not isinstance(told.behind, Unread) or not told.behind.page_url:
        return None
    return Change(_("Show the connection"), told.behind.page_url)


def _page(shown: DayExplanation, name: str, *args: object, part: str = "", **query: str) -> str:
    asked = urlencode({"account": shown.reader.account.slug, **query})
    return f"{reverse(name, args=args)}?{asked}{f'#{part}' if part else ''}"


_LINKS: Mapping[ReasonCode, Link] = MappingProxyType(
    {
        ReasonCode.PAST: _nothing,
        ReasonCode.NOTICE: _in_the_editor(gettext_lazy("Change the minimum notice"), "id_minimum_notice"),
        ReasonCode.HORIZON: _in_the_editor(gettext_lazy("Change the date range"), "id_date_range"),
        ReasonCode.HOURS: _in_the_schedule(gettext_lazy("Change the hours")),
        ReasonCode.OVERRIDE: _in_the_schedule(gettext_lazy("Change this date"), "overrides-title"),
        ReasonCode.CLOSED: _closures(gettext_lazy("Change the closure")),
        ReasonCode.HOLIDAY: _holiday,
        ReasonCode.DURATION: _in_the_schedule(gettext_lazy("Change the hours")),
        ReasonCode.BOOKED: _taken,
        ReasonCode.EVENT: _taken,
        ReasonCode.BLOCKED: _taken,
        ReasonCode.BUFFER: _buffer,
        ReasonCode.DAY_LIMIT: _in_the_editor(gettext_lazy("Change the limit"), "id_day_limit"),
        ReasonCode.WEEK_LIMIT: _in_the_editor(gettext_lazy("Change the limit"), "id_week_limit"),
        ReasonCode.HOST_LIMIT: _in_the_schedule(gettext_lazy("Change the limit"), "limits-title"),
        ReasonCode.SEATS: _in_the_editor(gettext_lazy("Change the seats"), "id_seats"),
        ReasonCode.ROUND_ROBIN_LEAD: _in_the_editor(gettext_lazy("Change the lead cap"), "id_lead_cap"),
        ReasonCode.COLLECTIVE: _in_the_editor(gettext_lazy("Change who takes part"), "id_members"),
        ReasonCode.NO_HOST: _in_the_editor(gettext_lazy("Change who serves it"), "id_members"),
        ReasonCode.INACTIVE: _state,
        ReasonCode.STALE: _source,
        ReasonCode.HELD: _taken,
        ReasonCode.LOOK_BUSY: _in_the_editor(gettext_lazy("Change “look busy”"), "id_look_busy"),
    }
)
