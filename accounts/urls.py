from django.contrib.auth import views as auth_views
from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="sign-out"),
    path("no-account/", views.no_account, name="no-account"),
    path("settings/profile/", views.profile, name="profile"),
    path("settings/password/", views.PasswordChange.as_view(), name="password-change"),
    path("settings/password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password-change-done"),
    path("password/forgotten/", views.PasswordReset.as_view(), name="password-reset"),
    path("password/sent/", auth_views.PasswordResetDoneView.as_view(), name="password-reset-done"),
    path("password/<uidb64>/<token>/", views.PasswordResetConfirm.as_view(), name="password-reset-confirm"),
    path("password/changed/", auth_views.PasswordResetCompleteView.as_view(), name="password-reset-complete"),
]
