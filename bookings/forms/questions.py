"""The questions of a calendar as fields of its form (B2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.forms.text import LongText, Text
from bookings.models import Question, QuestionKind

# in front of a question's key, so that it never is the name of another field
PREFIX = "answer-"
_LONGEST = {QuestionKind.TEXT: 500, QuestionKind.LONG_TEXT: 4000, QuestionKind.PHONE: 40}


def field_name(question: Question) -> str:
    return f"{PREFIX}{question.key}"


def fields_for(questions: Sequence[Question]) -> dict[str, forms.Field]:
    """The fields by their names, in the order of the questions."""
    return {field_name(question): _field(question) for question in questions}


def answers_given(questions: Sequence[Question], cleaned: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each question with its answer, as the customer saw both; those left empty are not among them."""
    given = ((question.label, _in_words(cleaned[field_name(question)])) for question in questions)
    return tuple((label, answer) for label, answer in given if answer)


def _in_words(answer: str | bool) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    return answer


def _field(question: Question) -> forms.Field:
    kind = QuestionKind(question.kind)
    usual: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": question.is_required}
    if kind == QuestionKind.CHECKBOX:
        ticked = gettext_lazy("Please tick this, so that you can book.")
        return forms.BooleanField(**usual, error_messages={"required": ticked})
    if kind == QuestionKind.CHOICE:
        return _choice(question, usual)
    usual["max_length"] = _LONGEST[kind]
    usual["error_messages"] = {"required": gettext_lazy("This answer is missing.")}
    if kind == QuestionKind.LONG_TEXT:
        return LongText(**usual, widget=forms.Textarea(attrs={"rows": 4}))
    if kind == QuestionKind.PHONE:
        usual["error_messages"] = {"required": gettext_lazy("The telephone number is missing.")}
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        return Text(**usual, validators=[_explain_number], widget=widget)
    return Text(**usual)


def _choice(question: Question, usual: Mapping[str, Any]) -> forms.Field:
    choose = gettext_lazy("Please choose one.")
    # whoever has chosen can go back on it only where there is something else to choose
    nothing = [] if question.is_required else [("", _("No answer"))]
    return forms.ChoiceField(
        **usual,
        choices=[*((choice, choice) for choice in question.choices), *nothing],
        widget=forms.RadioSelect,
        error_messages={"required": choose, "invalid_choice": choose},
    )


def _explain_number(value: str) -> None:
    if sum(character.isdigit() for character in value) < 3:
        raise ValidationError(_("There are hardly any digits in this number. Example: +49 451 123456"))
