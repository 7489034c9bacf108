"""How often somebody had a server tried: a form that connects anywhere must not become a port scanner."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User

WITHIN = timedelta(hours=1)


class ConnectionTryQuerySet(models.QuerySet["ConnectionTry"]):
    def recent(self, now: datetime) -> "ConnectionTryQuerySet":
        return self.filter(tried_at__gt=now - WITHIN)


class ConnectionTry(models.Model):
    """One login tried from a form; where to is not kept. Old ones go with the next try."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    tried_at = models.DateTimeField(_("tried"))

    objects: ClassVar[ConnectionTryQuerySet] = ConnectionTryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("connection try")
        verbose_name_plural = _("connection tries")
        ordering = ("-tried_at",)
        indexes = (models.Index(fields=("user", "tried_at"), name="connection_try_by_user"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.tried_at:%Y-%m-%d %H:%M}"
