"""The one thing the composition root remembers: when the queue was last seen at work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """A kind of task and when the queue last started one."""

    task = models.CharField(_("task"), max_length=200, unique=True)
    heard_at = models.DateTimeField(_("last started"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ("task",)

    def __str__(self) -> str:
        return self.task
