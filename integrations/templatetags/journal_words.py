"""Entries of the journal in words: one sentence a decision, and the details that unfold below it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.templatetags.times import day_clock, day_words, full_day_clock
from integrations.models import Connection, Decision, Direction, JournalEntry
from integrations.queries.journal import Line
from integrations.templatetags.put_back_words import why_put_back

register = template.Library()

_GOOD = {Decision.MENDED, Decision.FOUND_AGAIN, Decision.CREATED, Decision.MOVED, Decision.NOTES_KEPT}
_BAD = {Decision.BROKEN, Decision.PUSH_STOPPED, Decision.BRAKE, Decision.CALENDAR_GONE, Decision.LOGIN_REFUSED}
_WAITS = {
    *(Decision.LOOK_FAILED, Decision.CALENDAR_FAILED, Decision.PUSH_FAILED, Decision.HELD_BACK, Decision.MISSING),
    *(Decision.UNREADABLE, Decision.NOT_HANDED_OUT, Decision.ASKED, Decision.CONFLICT, Decision.PUT_BACK),
}

_SENTENCES: Mapping[str, Promise] = {
    Decision.LISTED_IN_FULL: gettext_lazy("%(calendar)s was compared in full with what is known here"),
    Decision.LOOK_FAILED: gettext_lazy("Reading %(login)s failed; its last known busy times stay in force"),
    Decision.CALENDAR_FAILED: gettext_lazy("%(calendar)s could not be read; its last known busy times stay in force"),
    Decision.CALENDAR_GONE: gettext_lazy("%(calendar)s is no longer there; its events no longer block"),
    Decision.LOGIN_REFUSED: gettext_lazy("The server refused %(login)s; nothing is sent before one more try"),
    Decision.BROKEN: gettext_lazy("%(login)s is stopped until you enter a new password"),
    Decision.CREATED: gettext_lazy("%(item)s: written to %(calendar)s"),
    Decision.REPLACED: gettext_lazy("%(item)s: brought up to date in %(calendar)s"),
    Decision.REMOVED: gettext_lazy("%(item)s: taken out of %(calendar)s"),
    Decision.PUSH_FAILED: gettext_lazy("%(item)s: could not be written to %(calendar)s yet"),
    Decision.PUSH_STOPPED: gettext_lazy("%(item)s: could not be written to %(calendar)s, and is not tried again"),
    Decision.NOTES_KEPT: gettext_lazy("%(item)s: what you added in %(calendar)s is kept"),
    Decision.MOVED: gettext_lazy("%(item)s: moved in %(calendar)s, and rescheduled here"),
    Decision.PUT_BACK: gettext_lazy("%(item)s: changed in %(calendar)s, and put back"),
    Decision.MISSING: gettext_lazy("%(item)s: not found in %(calendar)s; looked for again before anything is done"),
    Decision.FOUND_AGAIN: gettext_lazy("%(item)s: found again in %(calendar)s"),
    Decision.ASKED: gettext_lazy("%(item)s: deleted in %(calendar)s; you are asked what shall happen"),
    Decision.CANCELLED: gettext_lazy("%(item)s: deleted in %(calendar)s, so it was cancelled and the customer told"),
    Decision.WRITTEN_BACK: gettext_lazy("%(item)s: deleted in %(calendar)s, and written there again"),
    Decision.LEFT_OUT: gettext_lazy("%(item)s: stands, without a copy in %(calendar)s"),
    Decision.ELSEWHERE: gettext_lazy("%(item)s: followed into %(calendar)s, where you moved it"),
    Decision.DUPLICATE: gettext_lazy("%(item)s: you copied it in %(calendar)s; your duplicate is left alone"),
    Decision.CONFLICT: gettext_lazy("%(item)s: an event in %(calendar)s lies on it"),
}
_WHY: Mapping[str, Promise] = {
    "first": gettext_lazy("It was read for the first time."),
    "nightly": gettext_lazy("Once a day everything is compared, so that nothing stays overlooked."),
    "expired": gettext_lazy("The server no longer knew how far we had read."),
    "confirming": gettext_lazy("Much was missing before; a second, complete listing had to agree."),
}


class Detail(NamedTuple):
    label: str
    words: str


@register.filter
def sentence(line: Line) -> str:
    """What was decided, in one line; the item by customer and time where the reader may know it."""
    entry = line.entry
    counted = _COUNTED.get(Decision(entry.decision))
    if counted is not None:
        return counted(entry)
    return str(_SENTENCES[entry.decision]) % _names(entry, _item_words(line))


@register.filter
def plain_sentence(entry: JournalEntry) -> str:
    """As :func:`sentence`, naming nobody: for what leaves the site."""
    return sentence(Line(entry, None))


@register.filter
def tone(entry: JournalEntry) -> str:
    """The state that dresses it: ``connected``, ``stale``, ``broken`` or ``off``."""
    for decisions, state in ((_GOOD, "connected"), (_BAD, "broken"), (_WAITS, "stale")):
        if entry.decision in decisions:
            return state
    return "off"


@register.filter
def details(entry: JournalEntry) -> list[Detail]:
    """What changed, why, and what will be tried again and when."""
    return [*_where(entry), *_times(entry.facts), *_why(entry.facts), *_events(entry.facts), *_next(entry)]


def _item_words(line: Line) -> str:
    if line.item is None:
        return _("An appointment") if line.entry.item_uid else _("Appointments")
    return _("%(name)s, %(time)s") % {"name": line.item.name, "time": day_clock(line.item.starts_at)}


def _names(entry: JournalEntry, item: str = "") -> dict[str, str]:
    name = entry.calendar_name or str(entry.facts.get("calendar") or "")
    calendar = _("“%(calendar)s”") % {"calendar": name} if name else _("a connected calendar")
    return {"calendar": calendar, "login": _login(entry.connection), "item": item}


def _login(connection: Connection | None) -> str:
    return f"{connection.username} ({connection.where})" if connection else _("a deleted connection")


def _read(entry: JournalEntry) -> str:
    words = {"new": _("%(count)s new"), "changed": _("%(count)s changed"), "gone": _("%(count)s gone")}
    counts = [text % {"count": entry.facts[name]} for name, text in words.items() if entry.facts.get(name)]
    return _("%(calendar)s: %(counts)s") % {**_names(entry), "counts": ", ".join(counts)}


def _held_back(entry: JournalEntry) -> str:
    count = int(entry.facts.get("gone", 0))
    words = ngettext(
        "%(calendar)s suddenly left out %(count)s event; it stays until a second listing agrees",
        "%(calendar)s suddenly left out %(count)s events; they stay until a second listing agrees",
        count,
    )
    return words % {**_names(entry), "count": count}


def _unreadable(entry: JournalEntry) -> str:
    count = int(entry.facts.get("number", 1))
    words = ngettext(
        "%(count)s event in %(calendar)s could not be understood",
        "%(count)s events in %(calendar)s could not be understood",
        count,
    )
    return words % {**_names(entry), "count": count}


def _not_handed_out(entry: JournalEntry) -> str:
    count = int(entry.facts.get("number", 1))
    words = ngettext(
        "The server lists %(count)s event in %(calendar)s, but does not hand it out",
        "The server lists %(count)s events in %(calendar)s, but does not hand them out",
        count,
    )
    return words % {**_names(entry), "count": count}


def _mended(entry: JournalEntry) -> str:
    words = _("%(calendar)s can be used again") if entry.calendar_name else _("%(login)s works again")
    return words % _names(entry)


def _calendar_failed(entry: JournalEntry) -> str:
    if entry.facts.get("capability") == "read_only":
        return _("%(calendar)s can only be read now, no longer written to") % _names(entry)
    return str(_SENTENCES[Decision.CALENDAR_FAILED]) % _names(entry)


def _brake(entry: JournalEntry) -> str:
    words = _("%(count)s of %(of)s appointments vanished from %(calendar)s at once; nothing is done before you answer")
    return words % {**_names(entry), "count": entry.facts.get("count", "?"), "of": entry.facts.get("of", "?")}


def _answered(entry: JournalEntry) -> str:
    return _("You answered what was asked about %(calendar)s") % _names(entry)


def _settings(entry: JournalEntry) -> str:
    direction = Direction(entry.facts.get("direction", Direction.CUSTOM)).label
    return _("You set %(login)s to “%(direction)s”") % {**_names(entry), "direction": direction}


_COUNTED: Mapping[Decision, Callable[[JournalEntry], str]] = {
    Decision.READ: _read,
    Decision.HELD_BACK: _held_back,
    Decision.UNREADABLE: _unreadable,
    Decision.NOT_HANDED_OUT: _not_handed_out,
    Decision.MENDED: _mended,
    Decision.CALENDAR_FAILED: _calendar_failed,
    Decision.BRAKE: _brake,
    Decision.ANSWERED: _answered,
    Decision.SETTINGS: _settings,
}


def _where(entry: JournalEntry) -> Iterator[Detail]:
    yield Detail(_("When"), full_day_clock(entry.at))
    yield Detail(_("Connection"), _login(entry.connection))
    if entry.facts.get("listed") is not None:
        yield Detail(_("Listed"), str(entry.facts["listed"]))


def _times(facts: Mapping[str, Any]) -> Iterator[Detail]:
    labels = {
        "from": _("Stood at"),
        "starts_at": _("Stands at"),
        "there_starts_at": _("There it was moved to"),
        "event_starts_at": _("The event begins"),
        "event_ends_at": _("The event ends"),
    }
    for name, label in labels.items():
        if facts.get(name):
            yield Detail(label, full_day_clock(datetime.fromisoformat(facts[name])))


def _why(facts: Mapping[str, Any]) -> Iterator[Detail]:
    for name in ("why", "reason"):
        told = str(facts.get(name) or "")
        if told:
            known = _WHY.get(told) or why_put_back(told, facts.get("reasons") or (), None)
            yield Detail(_("Why"), str(known or _(told)))


def _events(facts: Mapping[str, Any]) -> Iterator[Detail]:
    """Events nobody could read have no name here: the day that is kept busy tells them apart."""
    for event in facts.get("events") or ():
        day = event.get("day")
        label = day_words(date.fromisoformat(day)) if day else _("Day not known")
        kept = _("The day is kept busy.") if day else _("What was known of it before, if anything, goes on counting.")
        yield Detail(label, f"{_(event['reason'])} {kept}")


def _next(entry: JournalEntry) -> Iterator[Detail]:
    if entry.retry_at:
        yield Detail(_("Tried again"), full_day_clock(entry.retry_at))
