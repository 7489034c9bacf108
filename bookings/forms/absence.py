"""Who cannot come and when, and what is to become of each appointment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from bookings.forms.appointment import parse_start
from bookings.forms.staff import ReasonForm
from bookings.models import Appointment
from bookings.queries.absence import Affected, was_with
from bookings.services.absence import Decision, Fate

LONGEST_ABSENCE = timedelta(days=92)
LAST_YEAR = 2199
_DO, _AT = "do-", "at-"
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")


class Unknown(Exception):
    """What was sent names something that is not there for whoever sent it."""


def _day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "auto"})
    messages = {"invalid": _NO_DAY, "required": gettext_lazy("The date is missing.")}
    return forms.DateField(label=label, widget=widget, error_messages=messages, **options)


class AbsenceForm(forms.Form):
    """Who, and which days by the clock of ``zone``."""

    who = forms.ChoiceField(label=gettext_lazy("Who cannot come"))
    first = _day_field(gettext_lazy("First day"))
    last = _day_field(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: only the first day."))

    def __init__(self, *args: Any, choices: Sequence[Member], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {member.slug: member for member in choices}
        self._now = now
        self.fields["who"] = forms.ChoiceField(
            label=_("Who cannot come"),
            choices=[(slug, str(member.user)) for slug, member in self._members.items()],
            widget=forms.HiddenInput if len(choices) == 1 else forms.Select,
        )

    @property
    def absent(self) -> Member | None:
        """Whoever is named; None for somebody the reader may not speak for."""
        return self._members.get(str(self.data.get("who", "")))

    def zone(self) -> ZoneInfo:
        member = self.absent or next(iter(self._members.values()))
        return ZoneInfo(str(member.user.time_zone))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first is None or last is None or "last" in self.errors:
            return cleaned
        if first < self._now.astimezone(self.zone()).date():
            self.add_error("first", _("This day is over. What has been is not changed any more."))
        elif last < first:
            self.add_error("last", _("The last day is before the first."))
        elif last - first > LONGEST_ABSENCE or last.year > LAST_YEAR:
            self.add_error("last", _("Three months at a time, please."))
        return {**cleaned, "last": last}


class FatesForm(ReasonForm):
    """A choice for each appointment. ``same`` makes the same one everywhere it is possible."""

    def __init__(self, *args: Any, affected: Sequence[Affected], same: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.affected = affected
        self.fields["reason"].label = _("A sentence for the customers")
        self.fields["reason"].help_text = _("It stands in every mail about these appointments.")
        for one in affected:
            self.fields[f"{_DO}{one.appointment.uid}"] = forms.ChoiceField(
                label=_("What happens to it"),
                choices=list(_choices(one)),
                initial=_proposed(one, same),
                error_messages={"invalid_choice": _("That colleague is not free any more. Choose again.")},
            )

    def rows(self) -> Iterator[tuple[Affected, BoundField]]:
        for one in self.affected:
            yield one, self[f"{_DO}{one.appointment.uid}"]

    def decisions(self) -> tuple[Decision, ...]:
        return tuple(self._decision(one) for one in self.affected)

    def _decision(self, one: Affected) -> Decision:
        fate, _colon, slug = self.cleaned_data[f"{_DO}{one.appointment.uid}"].partition(":")
        to = next((member for member in one.colleagues if member.slug == slug), None)
        return Decision(one.appointment, Fate(fate), one.appointment.starts_at, to)


def _choices(one: Affected) -> Iterator[tuple[str, str]]:
    for colleague in one.colleagues:
        yield f"{Fate.GIVE.value}:{colleague.slug}", _("Give it to %(name)s") % {"name": colleague.user}
    yield Fate.LEAVE.value, _("Leave it as it is")
    yield Fate.CANCEL.value, _("Cancel it")


def _proposed(one: Affected, same: str) -> str:
    """Handed to the first who is free; nothing is cancelled unless somebody says so."""
    if same in {Fate.CANCEL.value, Fate.LEAVE.value}:
        return same
    return f"{Fate.GIVE.value}:{one.colleagues[0].slug}" if one.colleagues else Fate.LEAVE.value


def decisions_sent(data: Mapping[str, str], *, absent: Member) -> tuple[Decision, ...]:
    """What the preview sends, as it was decided there: whether it still can be done shows when it is done.

    Raises ``Unknown``.
    """
    names = [name.removeprefix(_DO) for name in data if name.startswith(_DO)]
    try:
        sent = {UUID(name): (data[f"{_DO}{name}"], data.get(f"{_AT}{name}", "")) for name in names}
    except ValueError:
        raise Unknown from None
    found = was_with(absent, sent)
    colleagues = {one.slug: one for one in _colleagues(absent)}
    return tuple(_sent(found.get(uid), *words, colleagues) for uid, words in sent.items())


def _sent(found: Appointment | None, value: str, at: str, colleagues: Mapping[str, Member]) -> Decision:
    fate, _colon, slug = value.partition(":")
    try:
        decided, stands_at = Fate(fate), parse_start(at)
    except (ValueError, ValidationError):
        raise Unknown from None
    to = colleagues.get(slug)
    if found is None or (decided is Fate.GIVE and to is None):
        raise Unknown
    return Decision(found, decided, stands_at, to)


def _colleagues(absent: Member) -> Sequence[Member]:
    others = Member.objects.present().filter(account=absent.account_id).exclude(pk=absent.pk)
    return list(others.select_related("user", "account"))
