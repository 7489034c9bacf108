"""Signing in and passwords: Django's own views with our templates."""

from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from accounts.forms.signing_in import SignInForm
from accounts.models import User
from accounts.queries import memberships_of


class SignIn(auth_views.LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True


class PasswordChange(auth_views.PasswordChangeView):
    success_url = reverse_lazy("accounts:password-change-done")


class PasswordReset(auth_views.PasswordResetView):
    success_url = reverse_lazy("accounts:password-reset-done")
    subject_template_name = "registration/password_reset_subject.txt"
    email_template_name = "registration/password_reset_email.txt"
    html_email_template_name = "mail/password_reset.html"
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
    if memberships_of(cast("User", request.user)):
        return redirect("bookings:my-calendar")
    return render(request, "accounts/no_account.html")
