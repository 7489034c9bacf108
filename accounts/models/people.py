"""Who we are: users sign in, accounts are businesses, a member is a user's place in an account."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.core.colour import Pair, colours
from accounts.roles import Role

RESERVED_SLUGS = frozenset(("manage", "api", "admin", "static", "theme", "login", "settings"))


def refuse_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is kept for the site itself. Choose another.") % {"slug": slug})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """One address, one spelling: addresses are compared and stored in lower case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; as a host, one person in all accounts."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = TimeZoneField(_("time zone"), default="Europe/Berlin")
    locale = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en-gb")
    is_staff = models.BooleanField(_("operator"), default=False, help_text=_("May use the administration."))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switch off instead of deleting."))
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_per_email_address"),)

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = UserManager.normalize_email(self.email)

    @property
    def initials(self) -> str:
        return initials_of(self.name or self.email)


class Accent(models.TextChoices):
    """The eight ready colours of the stylesheet; each is readable on light and on dark."""

    KELP = "kelp", _("Kelp")
    TIDE = "tide", _("Tide")
    SLATE = "slate", _("Slate")
    PLUM = "plum", _("Plum")
    ROSE = "rose", _("Rose")
    BRICK = "brick", _("Brick")
    AMBER = "amber", _("Amber")
    MOSS = "moss", _("Moss")


class Account(models.Model):
    """A business on the site."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True, validators=[refuse_reserved])
    time_zone = TimeZoneField(_("time zone"), default="Europe/Berlin")
    locale = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en-gb")
    accent = models.CharField(_("colour"), max_length=12, choices=Accent.choices, default=Accent.KELP)
    email = models.EmailField(
        _("e-mail address for customers"),
        blank=True,
        help_text=_("Answers to mails go here. Empty: nobody reads them."),
    )
    phone = models.CharField(
        _("telephone for customers"),
        max_length=40,
        blank=True,
        help_text=_("Named where something cannot be done online."),
    )
    own_colour = models.CharField(
        _("own colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write the colour as # and six digits, such as #0f6f63."))],
        help_text=_("Used instead of the ready ones; made readable where it is not."),
    )
    embedding_sites = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("websites that may embed the booking pages"),
        default=list,
        blank=True,
        help_text=_("Their addresses, such as https://www.example.com."),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def colours(self) -> Pair:
        """What pages, pictures and mails of the account are coloured with."""
        return colours(self.accent, self.own_colour)


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Those who have not left."""
        return self.filter(left_at__isnull=True)


class Member(models.Model):
    """A user's place in an account. ``slug`` is public: it stands in links instead of an e-mail address.

    Whoever has left (``left_at``) keeps the row for the sake of the past, and may do nothing any more.
    ``shared_link_at`` and ``hid_first_steps_at`` are for the list of first steps.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="members", verbose_name=_("account"))
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.STAFF)
    slug = models.SlugField(_("public name in links"), max_length=60)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    shared_link_at = models.DateTimeField(_("copied a link"), null=True, blank=True, editable=False)
    hid_first_steps_at = models.DateTimeField(_("hid the first steps"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("account", "id")
        constraints = (
            models.UniqueConstraint(fields=("account", "user"), name="a_user_is_a_member_once"),
            models.UniqueConstraint(fields=("account", "slug"), name="one_member_per_slug"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.account}"

    @property
    def manages(self) -> bool:
        return Role(self.role).manages


def initials_of(name: str) -> str:
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
