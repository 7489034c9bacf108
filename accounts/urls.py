from django.contrib.auth import views as auth_views
from django.urls import path

from accounts.views import account, invitation, inviting, look, members, profile, signing_in

app_name = "accounts"
_MEMBERS = "settings/account/members/"

urlpatterns = [
    path("", signing_in.front_door, name="front-door"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="sign-out"),
    path("no-account/", signing_in.no_account, name="no-account"),
    path("invitation/<str:link>/", invitation.invitation, name="invitation"),
    path("theme/<slug:account>.css", look.theme, name="theme"),
    path("settings/profile/", profile.profile, name="profile"),
    path("settings/profile/address/", profile.address, name="address"),
    path("settings/profile/address/<str:link>/", profile.address_confirm, name="address-confirm"),
    path("settings/account/", account.details, name="account"),
    path("settings/account/address/", account.public_address, name="public-address"),
    path("settings/account/look/", look.look, name="look"),
    path(_MEMBERS, members.members, name="members"),
    path(f"{_MEMBERS}<int:pk>/", members.role, name="member-role"),
    path(f"{_MEMBERS}<int:pk>/back/", members.back, name="member-back"),
    path(f"{_MEMBERS}invite/", inviting.new, name="invite"),
    path(f"{_MEMBERS}invitations/<int:pk>/again/", inviting.again, name="invitation-again"),
    path(f"{_MEMBERS}invitations/<int:pk>/withdraw/", inviting.take_back, name="invitation-withdraw"),
    path("settings/password/", signing_in.PasswordChange.as_view(), name="password-change"),
    path("settings/password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password-change-done"),
    path("password/forgotten/", signing_in.PasswordReset.as_view(), name="password-reset"),
    path("password/sent/", auth_views.PasswordResetDoneView.as_view(), name="password-reset-done"),
    path("password/<uidb64>/<token>/", signing_in.PasswordResetConfirm.as_view(), name="password-reset-confirm"),
    path("password/changed/", auth_views.PasswordResetCompleteView.as_view(), name="password-reset-complete"),
]
