"""Mail as work in a table: written with what it tells of, sent by a worker, never lost."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Account


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        """Neither sent, nor needless by now, nor given up."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True, parked_at__isnull=True)

    def due(self, now: datetime | Now) -> "OutgoingMailQuerySet":
        """Nobody is at them, and their time has come."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now)


class OutgoingMail(models.Model):
    """One mail to one recipient about one thing, at one step of its history; rendered when it is sent.

    ``subject_uid`` names the thing, ``sequence`` the step. At least once: a repeat is possible only when a worker dies
    between the server's answer and our commit, and has the same Message-ID. ``attempts`` is counted before the work;
    ``fence`` tells a worker whose lease has run out that somebody else is at it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="outgoing_mails", verbose_name=_("account"))
    subject_uid = models.UUIDField(_("about"))
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.EmailField(_("recipient"))
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True, editable=False)
    due_at = models.DateTimeField(_("next try"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    fence = models.PositiveIntegerField(default=0, editable=False)
    trouble = models.CharField(_("what went wrong last"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("not needed any more"), null=True, blank=True)
    parked_at = models.DateTimeField(_("given up"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[OutgoingMailQuerySet] = OutgoingMailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True, parked_at__isnull=True),
                name="outgoing_mail_that_waits",
            ),
            models.Index(fields=("account", "created_at"), name="outgoing_mail_by_account"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("subject_uid", "kind", "recipient", "sequence"), name="a_step_is_told_to_a_recipient_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.recipient}"
