"""Operators' view of people, accounts and the mail that is on its way."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Account, Invitation, Member, MemberChange, MemberChangeKind, OutgoingMail, Tally, User
from accounts.models.outgoing_mail import OutgoingMailQuerySet
from accounts.services.mail_trouble import in_words
from accounts.services.member_changes import write_down
from accounts.services.send_again import send_again


class MemberInline(admin.TabularInline[Member, User]):
    model = Member
    extra = 0
    autocomplete_fields = ("user", "account")
    # whoever is added is there
    exclude = ("left_at",)
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A member is changed on a page of their own, where whose place it is stays."""
        return False


class KeepsWhoJoined:
    """Whom operators add is kept as any other change of an account's people, without the operator's name."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)  # type: ignore[misc]
        for member in formset.new_objects:
            if isinstance(member, Member):
                _keep(MemberChangeKind.JOINED, member, before="")


def _keep(kind: MemberChangeKind, member: Member, *, before: str) -> None:
    now, email = timezone.now(), member.user.email
    write_down(kind, account_id=member.account_id, email=email, by=None, now=now, before=before, after=member.role)


class UserChangeForm(forms.ModelForm[User]):
    password = ReadOnlyPasswordHashField(label=_("Password"), help_text=_("Only a fingerprint of it is kept."))

    class Meta:
        model = User
        fields = ("email", "password", "name", "time_zone", "locale", "is_active", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(KeepsWhoJoined, DjangoUserAdmin[User]):
    form = UserChangeForm
    list_display = ("email", "name", "time_zone", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "locale")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("joined_at", "last_login")
    inlines = (MemberInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "time_zone", "locale")}),
        (_("Operator"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)


@admin.register(Account)
class AccountAdmin(KeepsWhoJoined, admin.ModelAdmin[Account]):
    list_display = ("name", "slug", "email", "phone", "time_zone", "locale", "accent", "own_colour", "created_at")
    list_filter = ("locale", "accent")
    search_fields = ("name", "slug", "email")
    readonly_fields = ("created_at",)
    inlines = (MemberInline,)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ("user", "account", "role", "slug", "left_at", "created_at")
    list_filter = ("role", ("left_at", admin.EmptyFieldListFilter), "account")
    search_fields = ("user__email", "user__name", "account__name", "slug")
    autocomplete_fields = ("user", "account")
    list_select_related = ("user", "account")
    # somebody leaves on the account's own pages, where it is settled what becomes of their appointments
    readonly_fields = ("left_at", "created_at")

    def save_model(self, request: HttpRequest, obj: Member, form: forms.ModelForm[Member], change: bool) -> None:
        """Operators change roles as well; it is kept as any other change, without a name."""
        super().save_model(request, obj, form, change)
        kind = MemberChangeKind.ROLE if change else MemberChangeKind.JOINED
        before = form.initial.get("role", "") if change else ""
        if before != obj.role:
            _keep(kind, obj, before=before)

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> tuple[str, ...]:
        """Whose place it is stays: host time, schedules and appointments hang on it."""
        return (*self.readonly_fields, *(("user", "account") if obj else ()))


class LookedAtOnly:
    """What happened, to look at: nobody adds or alters it by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(LookedAtOnly, admin.ModelAdmin[Invitation]):
    """Nothing of its link; one that should lead nowhere is deleted."""

    list_display = ("email", "account", "role", "invited_by", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role", "account")
    search_fields = ("email", "name", "account__name")
    list_select_related = ("account", "invited_by__user", "invited_by__account")
    fields = ("account", "email", "name", "role", "invited_by", "created_at", *list_display[4:])


@admin.register(MemberChange)
class MemberChangeAdmin(LookedAtOnly, admin.ModelAdmin[MemberChange]):
    list_display = ("at", "account", "kind", "email", "role_before", "role_after", "who")
    list_filter = ("kind", "account")
    search_fields = ("email", "account__name")
    list_select_related = ("account", "who__user", "who__account")
    date_hierarchy = "at"

    def has_delete_permission(self, request: HttpRequest, obj: MemberChange | None = None) -> bool:
        return False


class MailStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    _chosen: ClassVar[dict[str, Callable[[OutgoingMailQuerySet], OutgoingMailQuerySet]]] = {
        "waiting": lambda mails: mails.waiting(),
        "parked": lambda mails: mails.filter(parked_at__isnull=False),
        "sent": lambda mails: mails.filter(sent_at__isnull=False),
        "dropped": lambda mails: mails.filter(dropped_at__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("parked", _("given up")),
            ("sent", _("sent")),
            ("dropped", _("not needed any more")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        choose = self._chosen.get(self.value() or "")
        return choose(queryset) if choose and isinstance(queryset, OutgoingMailQuerySet) else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin[OutgoingMail]):
    """Shown and not edited: what is said is written when the mail goes."""

    list_display = ("recipient", "kind", "account", "due_at", "attempts", "what_went_wrong", "sent_at", "parked_at")
    list_filter = (MailStateFilter, "account", "kind")
    search_fields = ("recipient", "kind", "subject_uid", "message_id")
    list_select_related = ("account",)
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        *("account", "recipient", "kind", "subject_uid", "sequence", "message_id", "created_at"),
        *("due_at", "attempts", "leased_until", "what_went_wrong", "sent_at", "dropped_at", "parked_at"),
    )
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        """A row that is gone would be written, and sent, again."""
        return False

    @admin.display(description=_("what went wrong last"))
    def what_went_wrong(self, mail: OutgoingMail) -> str:
        return "" if mail.sent_at or mail.dropped_at else in_words(mail.trouble)

    @admin.action(description=_("Send again now what was not sent"), permissions=("change",))
    def send_again(self, request: HttpRequest, chosen: QuerySet[OutgoingMail]) -> None:
        due = send_again(OutgoingMail.objects.filter(pk__in=chosen.values("pk")))
        said = ngettext("%(count)s mail is due now.", "%(count)s mails are due now.", due)
        self.message_user(request, said % {"count": due}, messages.SUCCESS if due else messages.WARNING)


@admin.register(Tally)
class TallyAdmin(LookedAtOnly, admin.ModelAdmin[Tally]):
    """Operators look, and delete what keeps somebody out who should get in."""

    list_display = ("what", "name", "count", "ends_at")
    list_filter = ("what",)
    search_fields = ("what", "name")
    ordering = ("-ends_at",)
