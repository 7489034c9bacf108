"""Open questions of the sync: what it does not decide by itself, and what it tells."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, User
from integrations.models.calendars import RemoteCalendar


class QuestionKind(models.TextChoices):
    DELETED = "deleted", _("Deleted in the connected calendar")
    PUT_BACK = "put_back", _("Moved in the connected calendar, and put back")
    CONFLICT = "conflict", _("An event lies on an appointment")
    BRAKE = "brake", _("Many appointments were deleted at once")
    NOT_WRITABLE = "not_writable", _("The primary calendar cannot be written to")
    STUCK = "stuck", _("An appointment could not be written")


class AnswerKind(models.TextChoices):
    CANCEL = "cancel", _("Cancel the appointment")
    WRITE_AGAIN = "write_again", _("Write it again")
    LEAVE_OUT = "leave_out", _("Leave it out of this calendar")
    MOVE_ANYWAY = "move_anyway", _("Move it there all the same")
    KEEP = "keep", _("Leave it as it is")
    BY_ITSELF = "by_itself", _("Settled by itself")


class OpenQuestionQuerySet(models.QuerySet["OpenQuestion"]):
    def open(self) -> "OpenQuestionQuerySet":
        return self.filter(answered_at__isnull=True)

    def of(self, user: User) -> "OpenQuestionQuerySet":
        return self.filter(user=user)


class OpenQuestion(models.Model):
    """Asked of ``user``, about an item of ``member``'s account. One open question for each kind and ``subject``.

    ``facts``: plain values the question is put in words from: times, reasons, numbers; no titles of events.
    """

    uid = models.UUIDField(_("id"), default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="open_questions", verbose_name=_("user"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="open_questions", verbose_name=_("member"))
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    subject = models.CharField(_("subject"), max_length=200)
    item_uid = models.UUIDField(_("item"), null=True, blank=True)
    remote_calendar = models.ForeignKey(
        RemoteCalendar,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="open_questions",
        verbose_name=_("remote calendar"),
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=16, choices=AnswerKind.choices, blank=True)

    objects: ClassVar[OpenQuestionQuerySet] = OpenQuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("open question")
        verbose_name_plural = _("open questions")
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("user",), condition=Q(answered_at__isnull=True), name="questions_open_of_user"),
            models.Index(fields=("kind", "subject"), name="question_by_subject"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "subject"),
                condition=Q(answered_at__isnull=True),
                name="one_open_question_per_subject",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user}"
