"""Text that customers type: what cannot be kept or shown is said, and never reaches the database."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_REPLACED = (MaxLengthValidator, ProhibitNullCharactersValidator)
_TOO_LONG = gettext_lazy("There is room for %(limit_value)d characters, and these are %(show_value)d.")
_LINES = frozenset("\n\r\t")


class LongText(forms.CharField):
    """Several lines."""

    allowed = _LINES

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        own = [one for one in self.validators if not isinstance(one, _REPLACED)]
        room = [MaxLengthValidator(self.max_length, _TOO_LONG)] if self.max_length else []
        self.validators = [*own, *room, self._refuse_what_is_no_text]

    def _refuse_what_is_no_text(self, value: str) -> None:
        # JSON can spell half of a surrogate pair
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValidationError(_("This contains a character that does not exist."))
        if any(_is_control(character) and character not in self.allowed for character in value):
            raise ValidationError(_("This contains an invisible character that cannot be kept. Type it once more."))


class Text(LongText):
    """One line."""

    allowed = frozenset("\t")


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"
