"""Lengths of time as people type them: a number and a unit."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MINUTE = timedelta(minutes=1)
UNITS = {"minutes": MINUTE, "hours": timedelta(hours=1), "days": timedelta(days=1)}
UNIT_WORDS = {"minutes": _("minutes"), "hours": _("hours"), "days": _("days")}
# longer than anything here may last, and no sum with it runs over
_MOST_FIGURES = 7


class LengthWidget(forms.MultiWidget):
    """The number takes the field's name and id, the unit ``…_unit``: one label, one place to jump to."""

    template_name = "availability/calendar_length.html"
    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = forms.NumberInput(attrs={"data-width": "time", "min": 0, "step": "any"})
        unit = forms.Select(attrs={"data-width": "auto"}, choices=list(UNIT_WORDS.items()))
        super().__init__({"": number, "unit": unit}, attrs)

    def decompress(self, value: timedelta | None) -> list[Any]:
        """The largest unit that gives a whole number: an hour and a half is 90 minutes."""
        if value is None:
            return [None, "minutes"]
        unit = next((name for name in reversed(UNITS) if value and not value % UNITS[name]), "minutes")
        whole, rest = divmod(value, UNITS[unit])
        return [value / UNITS[unit] if rest else whole, unit]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        number, unit = context["widget"]["subwidgets"]
        identity = context["widget"]["attrs"].get("id")
        number["attrs"]["id"], unit["attrs"]["id"] = identity, f"{identity}_unit"
        # the number alone says what is wrong with it
        unit["attrs"].pop("aria-invalid", None)
        return context

    def id_for_label(self, id_: str) -> str:
        return id_


class LengthField(forms.Field):
    """``{name}`` and ``{name}_unit`` give a timedelta of whole minutes; a missing unit is minutes.

    ``keep_within`` sets what is too short, what is too long and what is said then.
    """

    widget = LengthWidget
    default_error_messages = {
        "required": _("Please write a number. 0 is fine."),
        "invalid": _("Please write a number, such as 30."),
        "unit": _("Choose minutes, hours or days."),
        "seconds": _("Please give whole minutes."),
        "too_long": _("This is too long."),
    }
    least, most = timedelta(), timedelta(days=730)

    def __init__(self, **kwargs: Any) -> None:
        # the model field asks for a second, hidden input, because its default is a function
        super().__init__(**{**kwargs, "show_hidden_initial": False})

    def keep_within(self, least: timedelta, most: timedelta, outside: Any) -> None:
        """Refuse anything shorter than ``least`` or longer than ``most``, with the sentence ``outside``."""
        self.least, self.most = least, most
        self.error_messages["too_long"] = self.error_messages["too_short"] = outside

    def to_python(self, value: Any) -> timedelta | None:
        number, unit = value or ("", "")
        if number in self.empty_values:
            return None
        if (unit or "minutes") not in UNITS:
            raise self._wrong("unit")
        minutes = self._number(number) * (UNITS[unit or "minutes"] // MINUTE)
        if minutes % 1:
            raise self._wrong("seconds")
        return int(minutes) * MINUTE

    def validate(self, value: timedelta | None) -> None:
        super().validate(value)
        if value is not None and value < self.least:
            raise self._wrong("too_short")
        if value is not None and value > self.most:
            raise self._wrong("too_long")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """60 minutes are the same as an hour."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def _number(self, text: str) -> Decimal:
        try:
            number = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            raise self._wrong("invalid") from None
        if not number.is_finite() or number < 0:
            raise self._wrong("invalid")
        if number.adjusted() >= _MOST_FIGURES:
            raise self._wrong("too_long")
        return number

    def _wrong(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code)
