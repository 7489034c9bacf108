"""Why this host: the record each assignment leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from availability.models.calendar import Calendar


class Assignment(models.Model):
    """Who got the taker ``uid``, from which candidates, by which rule."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="assignments", verbose_name=_("calendar"))
    member = models.ForeignKey(Member, models.CASCADE, related_name="assignments", verbose_name=_("member"))
    uid = models.UUIDField(_("taker"))
    assigned_at = models.DateTimeField(_("assigned"))
    rule = models.CharField(_("rule that decided"), max_length=20)
    candidates = models.JSONField(_("candidates"), default=list)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ("-assigned_at",)
        indexes = (
            models.Index(fields=("calendar", "member", "-assigned_at"), name="assignment_by_calendar_member"),
            models.Index(fields=("uid",), name="assignment_by_taker"),
        )

    def __str__(self) -> str:
        return f"{self.calendar} → {self.member.user}"
