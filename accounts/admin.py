"""Operators' view of people and accounts."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Member, User


class MemberInline(admin.TabularInline[Member, User]):
    model = Member
    extra = 0
    autocomplete_fields = ("user", "account")
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A member is changed on a page of their own, where whose place it is stays."""
        return False


class UserChangeForm(forms.ModelForm[User]):
    password = ReadOnlyPasswordHashField(label=_("Password"), help_text=_("Only a fingerprint of it is kept."))

    class Meta:
        model = User
        fields = ("email", "password", "name", "time_zone", "locale", "is_active", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
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
class AccountAdmin(admin.ModelAdmin[Account]):
    list_display = ("name", "slug", "time_zone", "locale", "accent", "created_at")
    list_filter = ("locale", "accent")
    search_fields = ("name", "slug")
    readonly_fields = ("created_at",)
    inlines = (MemberInline,)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ("user", "account", "role", "slug", "created_at")
    list_filter = ("role", "account")
    search_fields = ("user__email", "user__name", "account__name", "slug")
    autocomplete_fields = ("user", "account")
    list_select_related = ("user", "account")
    readonly_fields = ("created_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> tuple[str, ...]:
        """Whose place it is stays: host time, schedules and appointments hang on it."""
        return (*self.readonly_fields, *(("user", "account") if obj else ()))
