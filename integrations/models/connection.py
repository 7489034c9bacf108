"""One login at a provider. Its credential is readable only for the login and server it was given for."""

import json
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from integrations.models.fields import SecretTextField
from integrations.ports import Credentials


class Provider(models.TextChoices):
    ICLOUD = "icloud", _("iCloud")
    CALDAV = "caldav", _("CalDAV server")


class ConnectionState(models.TextChoices):
    CONNECTED = "connected", _("Connected")
    FAILING = "failing", _("Not answering")
    BROKEN = "broken", _("Not connected")


class Direction(models.TextChoices):
    TWO_WAY = "two_way", _("Two-way")
    ONE_WAY = "one_way", _("One-way")
    CUSTOM = "custom", _("Custom")


class WhenDeleted(models.TextChoices):
    """What a deletion in the connected calendar means for the appointment."""

    ASK = "ask", _("Ask me")
    CANCEL = "cancel", _("Cancel the appointment and tell the customer")
    RECREATE = "recreate", _("Write it again")
    IGNORE = "ignore", _("Leave it out of the calendar, the appointment stands")


class CredentialMismatch(Exception):
    """The credential was stored for another login or server and is not used here."""


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def of(self, user: User) -> "ConnectionQuerySet":
        return self.filter(user=user)

    def working(self) -> "ConnectionQuerySet":
        """Switched on and not waiting for its owner."""
        return self.filter(switched_off_at__isnull=True).exclude(state=ConnectionState.BROKEN)

    def unclaimed(self) -> "ConnectionQuerySet":
        """Nobody is at it. Leases are the database's: no machine's clock makes one expire."""
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=Now()))

    def due(self, now: datetime | Now) -> "ConnectionQuerySet":
        """Time for a look, and nobody is at it."""
        return self.working().unclaimed().filter(next_look_at__lte=now)


def usually_pushed() -> list[str]:
    """Kinds of own items that are written to the calendar unless its owner says otherwise (Y11, Y12)."""
    return ["appointment", "activity", "service_call"]


class Connection(models.Model):
    """``home_url`` is where the calendars live; ``fence`` rises with every claim, so that a late worker is known.

    ``refused_at``: the login was refused once; one probe decides, nothing else is sent before it.
    ``paused_until``: the server asked to be left alone. ``unfinished``: claims since a worker last came back.
    ``addresses``: the login's own, as its server knows them. ``look_seconds``: how long the last look took.
    ``broken_at``: since when its owner must act, and ``times_told`` how often they were reminded. ``follows_moves``
    and ``when_deleted`` count for ``CUSTOM``; the presets say them otherwise (Y12a).
    ``has_news``: something was stored since its owner's appointments were held against it. ``pushed_kinds``: values of
    the kinds of own items that are written there. ``shows_events`` and ``shown_days_…`` bound what My Calendar shows,
    never what blocks. ``blocks_until``: switched off, what is known counts until then.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="connections", verbose_name=_("user"))
    provider = models.CharField(_("provider"), max_length=12, choices=Provider.choices)
    server_url = models.URLField(_("server"), max_length=500)
    username = models.CharField(_("user name"), max_length=254)
    credential: "models.TextField[str, str]" = SecretTextField(_("credential"), editable=False, blank=True, default="")
    home_url = models.CharField(_("home"), max_length=700, blank=True)
    server = models.GeneratedField(
        expression=Func(F("server_url"), Value("/"), Value(3), function="SPLIT_PART"),
        output_field=models.CharField(max_length=500),
        db_persist=True,
    )
    addresses = models.JSONField(_("addresses"), default=list, blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.TWO_WAY)
    follows_moves = models.BooleanField(_("follow moves"), default=True)
    when_deleted = models.CharField(
        _("when deleted there"), max_length=8, choices=WhenDeleted.choices, default=WhenDeleted.ASK
    )
    pushed_kinds = models.JSONField(_("own items that are sent"), default=usually_pushed, blank=True)
    shows_events = models.BooleanField(_("show events in My Calendar"), default=True)
    shown_days_before = models.PositiveSmallIntegerField(_("days shown before today"), default=30)
    shown_days_after = models.PositiveSmallIntegerField(_("days shown after today"), default=365)
    state = models.CharField(
        _("status"), max_length=12, choices=ConnectionState.choices, default=ConnectionState.CONNECTED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    switched_off_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    blocks_until = models.DateTimeField(_("goes on blocking until"), null=True, blank=True)
    connected_at = models.DateTimeField(_("connected"))
    looked_at = models.DateTimeField(_("last look"), null=True, blank=True)
    synced_at = models.DateTimeField(_("last sync"), null=True, blank=True)
    next_look_at = models.DateTimeField(_("next look"))
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    refused_at = models.DateTimeField(_("login refused"), null=True, blank=True)
    broken_at = models.DateTimeField(_("not connected since"), null=True, blank=True)
    times_told = models.PositiveSmallIntegerField(_("times told"), default=0, editable=False)
    has_news = models.BooleanField(_("something was stored"), default=False, editable=False)
    look_seconds = models.FloatField(_("length of the last look in seconds"), default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    unfinished = models.PositiveSmallIntegerField(_("looks that never ended"), default=0, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)
    claimed_by = models.CharField(_("claimed by"), max_length=255, blank=True, editable=False)
    fence = models.PositiveBigIntegerField(_("fence"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[ConnectionQuerySet] = ConnectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ("user", "username")
        indexes = (models.Index(fields=("next_look_at",), name="connection_by_next_look"),)
        constraints = (
            models.UniqueConstraint(fields=("user", "server_url", "username"), name="one_connection_per_login"),
        )

    def __str__(self) -> str:
        return f"{self.username} · {self.get_provider_display()}"

    @property
    def is_working(self) -> bool:
        """Switched on and not waiting for its owner."""
        return self.switched_off_at is None and self.state != ConnectionState.BROKEN

    @property
    def is_one_way(self) -> bool:
        return self.direction == Direction.ONE_WAY

    @property
    def takes_moves(self) -> bool:
        """Whether an appointment moved there is rescheduled here, if its new time is allowed."""
        return self.follows_moves if self.direction == Direction.CUSTOM else not self.is_one_way

    @property
    def on_deletion(self) -> WhenDeleted:
        if self.direction == Direction.CUSTOM:
            return WhenDeleted(self.when_deleted)
        return WhenDeleted.RECREATE if self.is_one_way else WhenDeleted.ASK

    @property
    def where(self) -> str:
        """The provider, and for a server of somebody's own its name."""
        if self.provider == Provider.CALDAV:
            return f"{self.get_provider_display()} {urlsplit(self.server_url).hostname or ''}"
        return self.get_provider_display()

    def seal(self, password: str) -> None:
        """Bind the password to this connection, user name and server. The row must have its primary key."""
        self.credential = json.dumps({**self._binding(), "password": password})

    def credentials(self) -> Credentials:
        """What signs in. Raises CredentialMismatch when the stored secret belongs elsewhere."""
        sealed = json.loads(self.credential or "{}")
        if {name: sealed.get(name) for name in self._binding()} != self._binding():
            raise CredentialMismatch
        return Credentials(server_url=self.server_url, username=self.username, password=sealed["password"])

    def _binding(self) -> dict[str, object]:
        return {"connection": self.pk, "username": self.username, "server": self.server_url}
