"""What a member may be in an account."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")

    @property
    def manages(self) -> bool:
        return self is not Role.STAFF

    def may_give(self, role: "Role", *, to: "Role | None" = None) -> bool:
        """Whether somebody of this role may make a member of role ``to`` (None: somebody new) one of ``role``.

        Managers have nothing to do with owners: they neither touch one nor make one.
        """
        if self is Role.MANAGER:
            return Role.OWNER not in (role, to)
        return self is Role.OWNER

    def can_give(self, to: "Role | None" = None) -> "list[Role]":
        """The roles that somebody of this role may give, the smallest first."""
        return [role for role in (Role.STAFF, Role.MANAGER, Role.OWNER) if self.may_give(role, to=to)]
