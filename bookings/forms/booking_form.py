"""What managers set about a calendar's booking form: the terms, and single questions."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from availability.forms.durations import LengthField
from bookings.models import BookingTerms, Question, QuestionKind
from bookings.models.question import MOST_CHOICES
from bookings.models.terms import LONGEST_NOTICE, MOST_REMINDERS

_HOUR, _DAY = 60, 24 * 60
_USUAL = (7 * _DAY, 3 * _DAY, 2 * _DAY, _DAY, 4 * _HOUR, 2 * _HOUR, _HOUR, _HOUR // 2)
_LONGEST_CHOICE = 120


class TermsForm(forms.ModelForm[BookingTerms]):
    """Approval, what customers may change and until when, reminders."""

    reminders = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Reminders"),
        help_text=gettext_lazy("Mails to the customer before an appointment. None is fine."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Please choose from the list.")},
    )

    class Meta:
        model = BookingTerms
        fields = ("needs_approval", "may_reschedule", "may_cancel", "change_notice", "reminders")
        field_classes = {"change_notice": LengthField}
        labels = {
            "needs_approval": gettext_lazy("Somebody has to confirm each booking"),
            "may_reschedule": gettext_lazy("Customers may choose another time themselves"),
            "may_cancel": gettext_lazy("Customers may cancel themselves"),
            "change_notice": gettext_lazy("Until how long before the start"),
        }
        help_texts = {
            "needs_approval": gettext_lazy(
                "A request keeps its time free of others. Without an answer it ends after 24 hours, or at its start."
            ),
            "may_reschedule": "",
            "may_cancel": "",
            "change_notice": gettext_lazy("0 is fine: they may until it begins. Staff may always."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice = cast("LengthField", self.fields["change_notice"])
        notice.keep_within(timedelta(), LONGEST_NOTICE, gettext_lazy("Between nothing and 60 days."))
        reminders = cast("forms.TypedMultipleChoiceField", self.fields["reminders"])
        offered = sorted({*_USUAL, *self.instance.reminders}, reverse=True)
        reminders.choices = [(minutes, before(minutes)) for minutes in offered]

    def clean_reminders(self) -> list[int]:
        chosen = sorted(set(self.cleaned_data["reminders"]), reverse=True)
        if len(chosen) > MOST_REMINDERS:
            raise ValidationError(_("At most %(number)d reminders.") % {"number": MOST_REMINDERS})
        return chosen


class QuestionForm(forms.ModelForm[Question]):
    """One question; ``answers`` are lines, for the kind that has a choice."""

    answers = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        help_text=gettext_lazy("One a line. Only for “One of several answers”."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Question
        fields = ("label", "hint", "kind", "is_required")
        widgets = {"kind": forms.RadioSelect}
        labels = {
            "label": gettext_lazy("Question"),
            "hint": gettext_lazy("Hint"),
            "kind": gettext_lazy("Kind of answer"),
            "is_required": gettext_lazy("It must be answered"),
        }
        help_texts = {
            "hint": gettext_lazy("Stands below the question, in small letters."),
            "is_required": gettext_lazy("A box must then be ticked, such as “I have read the terms”."),
        }
        error_messages = {
            "label": {"required": gettext_lazy("The question is missing.")},
            "kind": {"required": gettext_lazy("Choose a kind of answer.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].initial = "\n".join(self.instance.choices)
        kind = cast("forms.TypedChoiceField", self.fields["kind"])
        kind.choices = QuestionKind.choices

    def clean_answers(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["answers"].splitlines()]
        answers = list(dict.fromkeys(line for line in lines if line))
        if len(answers) > MOST_CHOICES:
            raise ValidationError(_("At most %(number)d answers.") % {"number": MOST_CHOICES})
        if any(len(one) > _LONGEST_CHOICE for one in answers):
            raise ValidationError(_("An answer has at most %(number)d characters.") % {"number": _LONGEST_CHOICE})
        return answers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == QuestionKind.CHOICE and "answers" in cleaned and len(cleaned["answers"]) < 2:
            self.add_error("answers", _("Give at least two answers, one a line."))
        return cleaned

    def values(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        answers = cleaned.pop("answers")
        return {**cleaned, "choices": answers if cleaned["kind"] == QuestionKind.CHOICE else []}


def before(minutes: int) -> str:
    """An offset in words: "3 days before", "30 minutes before"."""
    if minutes and not minutes % _DAY:
        return ngettext("%d day before", "%d days before", minutes // _DAY) % (minutes // _DAY)
    if minutes and not minutes % _HOUR:
        return ngettext("%d hour before", "%d hours before", minutes // _HOUR) % (minutes // _HOUR)
    return ngettext("%d minute before", "%d minutes before", minutes) % minutes
