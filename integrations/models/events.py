"""What lies on remote calendars and is not ours, reduced to what busy time needs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.calendars import RemoteCalendar
from integrations.models.fields import SecretTextField


class RemoteEvent(models.Model):
    """One object. ``reduced`` holds time, recurrence, status and title; no attendees, no notes; encrypted.

    ``item_uid`` is set when the object is a copy of something of ours: it is mirrored, and never blocks.
    ``unreadable`` says why an object could not be read; its owner sees it listed.
    """

    remote_calendar = models.ForeignKey(
        RemoteCalendar, models.CASCADE, related_name="events", verbose_name=_("remote calendar")
    )
    key = models.CharField(_("key"), max_length=700)
    url = models.TextField(_("address"))
    etag = models.TextField(_("etag"), blank=True)
    uid = models.CharField(_("UID"), max_length=500, blank=True)
    item_uid = models.UUIDField(_("our item"), null=True, blank=True)
    reduced = SecretTextField(_("reduced object"), editable=False, blank=True, default="")
    unreadable = models.CharField(_("unreadable"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("remote event")
        verbose_name_plural = _("remote events")
        indexes = (
            models.Index(fields=("remote_calendar", "uid"), name="remote_event_by_uid"),
            models.Index(fields=("item_uid",), condition=Q(item_uid__isnull=False), name="remote_event_of_item"),
            models.Index(fields=("remote_calendar",), condition=~Q(unreadable=""), name="remote_event_unreadable"),
        )
        constraints = (models.UniqueConstraint(fields=("remote_calendar", "key"), name="one_remote_event_per_key"),)

    def __str__(self) -> str:
        return self.key
