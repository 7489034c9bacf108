"""What of ours must lie on remote calendars: where it lies, and what still has to be written."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integrations.models.calendars import RemoteCalendar
from integrations.models.connection import Connection
from integrations.models.fields import SecretTextField


class RemoteCopy(models.Model):
    """Where our item ``uid`` lies on a remote calendar. The row is there before the first try to write it.

    ``written``: what was written there last, and the tries since of which nobody knows how they ended, as JSON;
    ``former_etag`` named the version before, so that an answer from
    before our write is known for old. ``check_at``: it may stand differently than we think, and is looked at then.
    ``missing_since``: it was not found once. ``left_out_at``: it shall not lie there, its owner is asked or has said
    so. ``put_backs``: times in a row it was put back. ``stands_in_for``: its owner moved it here from that calendar.
    """

    uid = models.UUIDField(_("item"))
    remote_calendar = models.ForeignKey(
        RemoteCalendar, models.CASCADE, related_name="copies", verbose_name=_("remote calendar")
    )
    remote_uid = models.CharField(_("UID there"), max_length=200)
    url = models.TextField(_("address"), blank=True)
    etag = models.TextField(_("etag"), blank=True)
    former_etag = models.TextField(_("etag before"), blank=True, editable=False)
    written = SecretTextField(_("written"), editable=False, blank=True, default="")
    written_at = models.DateTimeField(_("last written"), null=True, blank=True)
    check_at = models.DateTimeField(_("looked at again"), null=True, blank=True)
    missing_since = models.DateTimeField(_("not found since"), null=True, blank=True)
    left_out_at = models.DateTimeField(_("left out"), null=True, blank=True)
    put_backs = models.PositiveSmallIntegerField(_("times put back in a row"), default=0)
    stands_in_for = models.ForeignKey(
        RemoteCalendar, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stands in for")
    )

    class Meta:
        verbose_name = _("remote copy")
        verbose_name_plural = _("remote copies")
        indexes = (
            models.Index(fields=("remote_calendar", "remote_uid"), name="remote_copy_by_uid"),
            models.Index(fields=("check_at",), condition=Q(check_at__isnull=False), name="remote_copy_to_check"),
        )
        constraints = (
            models.UniqueConstraint(fields=("uid", "remote_calendar"), name="one_copy_per_item_and_calendar"),
        )

    def __str__(self) -> str:
        return str(self.uid)


class PendingPushQuerySet(models.QuerySet["PendingPush"]):
    def due(self, now: datetime | Now) -> "PendingPushQuerySet":
        """Time to try, nobody at it, not parked, its connection switched on, accepted and not paused."""
        unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=Now())
        accepted = Connection.objects.working().filter(refused_at__isnull=True).exclude(paused_until__gt=now)
        return self.filter(unclaimed, due_at__lte=now, parked_at__isnull=True, remote_calendar__connection__in=accepted)


class PendingPush(models.Model):
    """Desired state, not a log: the copy of ``uid`` may be behind. ``revision`` rises with every change.

    ``attempts`` sets the pause before the next try. ``unfinished`` counts tries whose worker never came back; it is
    what parks poison.
    """

    uid = models.UUIDField(_("item"))
    remote_calendar = models.ForeignKey(
        RemoteCalendar, models.CASCADE, related_name="pending_pushes", verbose_name=_("remote calendar")
    )
    revision = models.PositiveBigIntegerField(_("revision"), default=1)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    unfinished = models.PositiveSmallIntegerField(_("tries that never ended"), default=0)
    due_at = models.DateTimeField(_("next try"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=255, blank=True, editable=False)
    fence = models.PositiveBigIntegerField(_("fence"), default=0)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[PendingPushQuerySet] = PendingPushQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("pending push")
        verbose_name_plural = _("pending pushes")
        indexes = (models.Index(fields=("due_at",), name="pending_push_by_due"),)
        constraints = (models.UniqueConstraint(fields=("uid", "remote_calendar"), name="one_pending_push_per_copy"),)

    def __str__(self) -> str:
        return f"{self.uid} → {self.remote_calendar}"
