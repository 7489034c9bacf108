"""How people come into an account, and what was changed about them by whom."""

import hashlib
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Account, Member
from accounts.roles import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """An address is asked to join an account. ``token`` is the digest of what stands in the link, never the link's own.

    A user who has the address already is never changed by it: they sign in as always and accept.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="invitations", verbose_name=_("account"))
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.STAFF)
    token = models.CharField(_("digest of the link"), max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="invitations", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("account", "email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} · {self.account}"

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


def digest_of(link: str) -> str:
    """What is kept of the secret in a link: enough to know it again, too little to make it."""
    return hashlib.sha256(link.encode()).hexdigest()


class MemberChangeKind(models.TextChoices):
    INVITED = "invited", _("Invited")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
    JOINED = "joined", _("Joined")
    ROLE = "role", _("Role changed")
    LEFT = "left", _("Left")
    BACK = "back", _("Came back")


class MemberChange(models.Model):
    """Who let whom in, out, or gave them another role: kept for good. ``who`` is empty for operators."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="member_changes", verbose_name=_("account"))
    kind = models.CharField(_("what"), max_length=12, choices=MemberChangeKind.choices)
    email = models.EmailField(_("about"))
    role_before = models.CharField(_("role before"), max_length=12, choices=Role.choices, blank=True)
    role_after = models.CharField(_("role after"), max_length=12, choices=Role.choices, blank=True)
    who = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by whom"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change of members")
        verbose_name_plural = _("changes of members")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.email}"
