"""Where an entry of My Calendar was dragged to, or moved by keys."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookings.core.moving import exists
from bookings.forms.appointment import NOT_A_START, YEARS, parse_start


class EntryMoveForm(forms.Form):
    """Times by the clock of ``zone``, or with an offset as they are. Without an end it lasts as long as before.

    ``host`` and ``former``: from whose column to whose. ``seen``: the start that was shown. ``sure``: the question,
    where there is one, has been answered.
    """

    starts_at = forms.CharField(required=False, max_length=64)
    ends_at = forms.CharField(required=False, max_length=64)
    seen = forms.CharField(required=False, max_length=64)
    host = forms.SlugField(required=False)
    former = forms.SlugField(required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def clean_starts_at(self) -> datetime | None:
        return self._moment("starts_at")

    def clean_ends_at(self) -> datetime | None:
        return self._moment("ends_at")

    def clean_seen(self) -> datetime | None:
        return self._moment("seen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (self.errors or cleaned["starts_at"] or cleaned["ends_at"]):
            raise ValidationError(NOT_A_START)
        return cleaned

    def _moment(self, name: str) -> datetime | None:
        text = self.cleaned_data[name]
        if not text:
            return None
        try:
            wall = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError(NOT_A_START) from None
        if wall.tzinfo is not None:
            return parse_start(text)
        if wall.year not in YEARS:
            raise ValidationError(NOT_A_START)
        if not exists(wall, self._zone):
            raise ValidationError(_("The clocks are put forward then: this time does not exist on that day."))
        return wall.replace(tzinfo=self._zone).astimezone(UTC)
