"""What a member puts into My Calendar without a customer."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Member


class OwnItemKind(models.TextChoices):
    APPOINTMENT = "appointment", _("Appointment")
    ACTIVITY = "activity", _("Activity")
    SERVICE_CALL = "service_call", _("Service call")
    TASK = "task", _("Task")
    TO_DO = "to_do", _("To-do")
    BLOCK = "block", _("Blocked time")

    @property
    def blocks(self) -> bool:
        """Whether such an item keeps its time free unless somebody says otherwise."""
        return self not in (OwnItemKind.TASK, OwnItemKind.TO_DO)


class OwnItemQuerySet(models.QuerySet["OwnItem"]):
    def standing(self) -> "OwnItemQuerySet":
        return self.filter(removed_at__isnull=True)


class OwnItem(models.Model):
    """May overlap anything. Reaches availability as busy time of each assignee, in all their accounts.

    ``all_day`` items begin and end at midnights of the creator's zone.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="own_items", verbose_name=_("account"))
    uid = models.UUIDField(_("uid"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=OwnItemKind.choices)
    title = models.CharField(_("title"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    all_day = models.BooleanField(_("all day"), default=False)
    blocks = models.BooleanField(_("blocks"), default=True)
    assignees = models.ManyToManyField(Member, related_name="own_items", verbose_name=_("assignees"))
    sequence = models.PositiveIntegerField(_("sequence"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[OwnItemQuerySet] = OwnItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("own item")
        verbose_name_plural = _("own items")
        ordering = ("starts_at",)
        indexes = (models.Index(fields=("account", "ends_at", "starts_at"), name="own_item_by_account_and_end"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="own_item_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.starts_at:%Y-%m-%d %H:%M}"
