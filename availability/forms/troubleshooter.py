"""Which calendar, host and day are to be explained."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from availability.core.hours import day_span
from availability.models import Calendar, CalendarType

_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_NO_DAY = gettext_lazy("This is not a day we know. Example: 2026-12-24")
# the form stands in a row, and a part of the page brings fields that belong to it
_AUTO = {"data-width": "auto"}


class TroubleshooterForm(forms.Form):
    """What was asked for is filled in already: ``calendar`` and ``hosts`` are such as the reader may see.

    The day is one that exists in ``zone``, ``today`` if none is named.
    """

    calendar = forms.ChoiceField(label=gettext_lazy("Calendar"), widget=forms.Select(attrs=_AUTO))
    host = forms.ChoiceField(label=gettext_lazy("Host"), required=False, widget=forms.Select(attrs=_AUTO))
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **_AUTO}),
        validators=[MinValueValidator(_EARLIEST, _NO_DAY), MaxValueValidator(_LATEST, _NO_DAY)],
        error_messages={"invalid": _NO_DAY},
    )

    def __init__(
        self,
        asked: Mapping[str, Any],
        *,
        calendars: Sequence[Calendar],
        calendar: Calendar,
        hosts: Sequence[Member],
        host: Member | None,
        zone: ZoneInfo,
        today: date,
    ) -> None:
        day = asked.get("day") or today
        super().__init__({"calendar": calendar.pk, "host": host.slug if host else "", "day": day})
        self._zone, self._today = zone, today
        together = calendar.type == CalendarType.COLLECTIVE
        anyone = _("Everybody together") if together else _("Whoever is free")
        self.fields["calendar"].choices = [(one.pk, one.name) for one in calendars]  # type: ignore[attr-defined]
        self.fields["host"].choices = [("", anyone), *((one.slug, str(one.user)) for one in hosts)]  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"] or self._today
        try:
            day_span(day, self._zone)
        except ValueError:
            said = _("%(day)s does not exist in your time zone.")
            raise ValidationError(said % {"day": date_format(day, "DATE_FORMAT")}) from None
        return day
