"""What a calendar asks its customers besides name and address (B2)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from availability.models import Calendar

MOST_QUESTIONS = 20
MOST_CHOICES = 30


class QuestionKind(models.TextChoices):
    TEXT = "text", _("A line of text")
    LONG_TEXT = "long_text", _("Several lines of text")
    CHOICE = "choice", _("One of several answers")
    PHONE = "phone", _("A telephone number")
    CHECKBOX = "checkbox", _("A box to tick")


class Question(models.Model):
    """One question of a calendar's form. ``key`` names it in the JSON interface and stays when the wording changes."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="questions", verbose_name=_("calendar"))
    key = models.SlugField(_("name in the JSON interface"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    label = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    choices = ArrayField(models.CharField(max_length=120), verbose_name=_("answers"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("calendar", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("calendar", "key"), name="one_question_per_key"),
            models.CheckConstraint(
                condition=~Q(kind=QuestionKind.CHOICE) | ~Q(choices=[]), name="a_choice_has_something_to_choose"
            ),
        )

    def __str__(self) -> str:
        return self.label
