"""My Calendar's words, marks and ways."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from bookings.core.week import clock as wall_clock
from bookings.forms.my_calendar import Asked
from bookings.queries.clocks import OtherClock
from bookings.queries.entries import Entry
from bookings.templatetags.times import clock, iso

register = template.Library()

_ICONS = {"hold": "hourglass", "pending": "question", "block": "lock", "event": "outside"}
_SORT_ICONS = {
    "session": "person",
    "appointment": "person",
    "activity": "circle",
    "service_call": "pin",
    "task": "square",
    "to_do": "square",
}


_WORDS = {
    "appointment": gettext_lazy("Appointment:"),
    "pending": gettext_lazy("Waiting for your approval:"),
    "hold": gettext_lazy("Held for a customer:"),
    "block": gettext_lazy("Blocked:"),
}
_FILTER_WORDS = {
    "appointment": gettext_lazy("Appointments"),
    "pending": gettext_lazy("Waiting for approval"),
    "hold": gettext_lazy("Being booked now"),
    "block": gettext_lazy("Blocked time"),
    "item": gettext_lazy("Activities, calls and tasks"),
    "event": gettext_lazy("From outside, busy"),
    "free": gettext_lazy("From outside, free"),
    "cancelled": gettext_lazy("Cancelled"),
}


@register.simple_tag
def turned(asked: Asked, **changes: Any) -> str:
    """The address of another view, day or host."""
    return asked.query(**changes)


@register.simple_tag
def entry_attributes(entry: Entry) -> str:
    """What stylesheet and script know of an entry: its form, its whole time, and where it can be moved."""
    return format_html_join(" ", '{}="{}"', ((name, value) for name, value in _attributes(entry) if value != ""))


def _attributes(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "data-kind", entry.kind
    yield "data-state", "cancelled" if entry.is_cancelled else "past" if entry.is_past else ""
    yield "data-busy", "free" if entry.is_free else ""
    yield "data-conflict", "true" if entry.in_conflict else ""
    yield "data-start", iso(entry.starts_at)
    yield "data-end", iso(entry.ends_at)
    if entry.uid and entry.sort != "session":
        yield "data-item", str(entry.uid)
        yield "data-move", reverse("bookings:entry-move", args=[entry.uid]) if entry.moves else ""


@register.simple_tag
def page_of(entry: Entry) -> str:
    """The address of its page; empty where the reader may not open it."""
    return reverse(entry.page, args=[entry.uid]) if entry.page else ""


@register.filter
def icon(entry: Entry) -> str:
    """The name of its mark, empty for the plain appointment."""
    if entry.in_conflict:
        return "warn"
    return _ICONS.get(entry.kind) or _SORT_ICONS.get(entry.sort, "")


@register.filter
def kind_words(entry: Entry) -> str:
    """What is said before the title to whoever does not see its form: "From outside, free:" """
    if entry.kind == "event":
        return _outside(entry)
    if entry.is_cancelled:
        return _("Cancelled appointment:")
    if entry.in_conflict:
        return _("Overlaps with an event from outside:")
    if entry.kind == "item":
        return _("Own item, free:") if entry.is_free else _("Own item:")
    return str(_WORDS[entry.kind])


def _outside(entry: Entry) -> str:
    if entry.is_free:
        return _("From outside, free:")
    return _("From outside, all day:") if entry.all_day else _("From outside:")


@register.filter
def title_words(entry: Entry) -> str:
    if entry.title:
        return entry.title
    return _("Being booked now") if entry.kind == "hold" else _("Busy")


@register.filter
def initials(entry: Entry, hosts: Sequence[Member]) -> str:
    """Whose it is, where the time of several is shown together: "IC, TW"; empty for one."""
    if len(hosts) < 2:
        return ""
    return ", ".join(host.user.initials for host in hosts if host.user_id in entry.whose)


@register.filter
def at_zone(value: datetime, zone: ZoneInfo) -> str:
    """ "14:45" on the clock there"""
    return f"{value.astimezone(zone):%H:%M}"


@register.filter
def detail_words(entry: Entry) -> str:
    """ "First visit · Yoga am Kai": what it is, who else, and in which account where it is another."""
    return " · ".join(part for part in (entry.detail, ", ".join(entry.people), entry.account) if part)


@register.simple_tag
def entry_line(entry: Entry, hosts: Sequence[Member], goes_on: bool) -> str:
    """The face of an entry in the month: one line, drawn here because there are so many of them."""
    starts = "" if entry.all_day or goes_on else format_html("<time>{}</time> ", clock(entry.starts_at))
    mark = icon(entry)
    drawn = (
        format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sheet(), mark) if mark else ""
    )
    who = initials(entry, hosts)
    whose = format_html(' <span class="who">{}</span>', who) if who else ""
    said = format_html('<span class="visually-hidden">{} </span>{}', kind_words(entry), title_words(entry))
    inside = format_html("{}<strong>{}<span>{}</span></strong>{}", starts, drawn, said, whose)
    if entry.page:
        return format_html('<a class="face" href="{}">{}</a>', page_of(entry), inside)
    return format_html('<div class="face">{}</div>', inside)


@register.simple_tag
def other_hours(other: OtherClock, minutes: range) -> list[tuple[str, str]]:
    """Each hour of the axis with what the other clock shows then."""
    return list(zip((wall_clock(at) for at in minutes), other.hours(minutes), strict=True))


@register.filter
def filter_words(kind: str) -> str:
    """What a kind is called where it can be left out."""
    return str(_FILTER_WORDS[kind])


def _sheet() -> str:
    return static("img/icons.svg")
