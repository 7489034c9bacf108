"""Signing in and one's own profile; passwords are Django's own views with our templates."""

from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest, member_page, shell
from accounts.forms import ProfileForm, SignInForm
from accounts.models import User


class SignIn(auth_views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True


class PasswordChange(auth_views.PasswordChangeView):
    success_url = reverse_lazy("accounts:password-change-done")


class PasswordReset(auth_views.PasswordResetView):
    success_url = reverse_lazy("accounts:password-reset-done")
    subject_template_name = "registration/password_reset_subject.txt"
    email_template_name = "registration/password_reset_email.txt"
    # links in mail come from the setting alone, never from what a request calls us
    _site = urlsplit(settings.PUBLIC_BASE_URL)
    extra_email_context = {"domain": _site.netloc, "protocol": _site.scheme}


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    success_url = reverse_lazy("accounts:password-reset-complete")


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    return redirect("bookings:my-calendar" if request.user.is_authenticated else "accounts:sign-in")


@login_required
@require_safe
def no_account(request: HttpRequest) -> HttpResponse:
    """Somebody who signed in and is a member of nothing: an operator, or one who has left."""
    if cast("User", request.user).memberships.exists():
        return redirect("bookings:my-calendar")
    return render(request, "accounts/no_account.html")


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, instance=user)
    if form.is_valid():
        form.save()
        translation.activate(user.locale)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {**shell(request), "form": form})
