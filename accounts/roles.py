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
