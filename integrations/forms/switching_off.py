"""What is asked before a connection is switched off: what becomes of the events that are known."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.services.connections import USUALLY_BLOCKS

STOP, UNTIL = "stop", "until"


class OffForm(forms.Form):
    """``events``: they stop blocking, or what is known of them goes on until the end of a day."""

    events = forms.ChoiceField(
        label=gettext_lazy("What becomes of its events?"),
        choices=(
            (STOP, gettext_lazy("They stop blocking; you can be booked meanwhile")),
            (UNTIL, gettext_lazy("What is known of them goes on blocking, up to and including this day")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one.")},
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "data-width": "auto"}, format="%Y-%m-%d"),
    )

    def __init__(self, sent: Any = None, *, today: date) -> None:
        super().__init__(sent, initial={"events": UNTIL, "last_day": today + USUALLY_BLOCKS})
        self._today = today

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("events") == UNTIL and "last_day" in cleaned:
            if cleaned["last_day"] is None:
                self.add_error("last_day", _("Please name the last day."))
            elif cleaned["last_day"] < self._today:
                self.add_error("last_day", _("This day is over. Please name one to come."))
        return cleaned

    def blocks_until(self, zone: tzinfo) -> datetime | None:
        """The midnight after the last day; None: they stop now."""
        if self.cleaned_data["events"] == STOP:
            return None
        return datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time.min, zone)
