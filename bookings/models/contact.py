"""The customers of an account."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.models import Account


class Contact(models.Model):
    """A customer, found again by e-mail address within the account.

    Whose personal data was deleted keeps the row, with an address at which there is ``NOBODY``.
    """

    NOBODY: ClassVar[str] = "@invalid"

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Berlin")
    locale = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en-gb")
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("name",)
        constraints = (models.UniqueConstraint("account", Lower("email"), name="one_contact_per_address_and_account"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_forgotten(self) -> bool:
        return self.email.endswith(self.NOBODY)
