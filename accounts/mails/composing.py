"""From an order to a letter: invitations, and mails about the address somebody signs in with."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.mails.page import Button, Page, Words, letter_of, one_line
from accounts.models import Account, Invitation, OutgoingMail, User
from accounts.ports import Letter, MailOrder, compose_with
from accounts.services import change_address, invite
from accounts.services.invitation_link import link_of


def register() -> None:
    """Called once, when the apps are ready."""
    compose_with(compose_invitation, (invite.MAIL,))
    compose_with(compose_question, (change_address.ASK,))
    compose_with(compose_news, (change_address.TELL,))


def compose_invitation(order: MailOrder, now: datetime) -> Letter | None:
    """The same words whether or not somebody has the address already; None when it leads nowhere any more."""
    waiting = Invitation.objects.open(now).filter(token__startswith=order.subject_uid.hex)
    invitation = waiting.select_related("account", "invited_by__user").first()
    link = link_of(invitation) if invitation else None
    if invitation is None or link is None:
        return None
    with _read_by(invitation.account.locale, invitation.account.time_zone):
        return letter_of(_invitation_page(invitation, link), recipient_name=one_line(invitation.name))


def compose_question(order: MailOrder, now: datetime) -> Letter | None:
    """To the new address: is it yours? None when the user has it, or is gone."""
    user = User.objects.filter(pk=order.subject_uid.int, is_active=True).exclude(email=order.recipient).first()
    if user is None:
        return None
    link = change_address.link_for(user, order.recipient)
    with _read_by(user.locale, user.time_zone):
        return letter_of(_question_page(_account_of(order), user, link), recipient_name=one_line(user.name))


def compose_news(order: MailOrder, now: datetime) -> Letter | None:
    """To the address that was left: it is no longer the one they sign in with. The new one is not named."""
    user = User.objects.filter(pk=order.subject_uid.int).first()
    if user is None:
        return None
    with _read_by(user.locale, user.time_zone):
        return letter_of(_news_page(_account_of(order)), recipient_name=one_line(user.name))


def _invitation_page(invitation: Invitation, link: str) -> Page:
    account = one_line(invitation.account.name)
    sender = one_line(invitation.invited_by.user.name) if invitation.invited_by else account
    day_and_time = pgettext("date format: Tuesday 24 November, 14:15", "l j F, H:i")
    until = date_format(timezone.localtime(invitation.expires_at), day_and_time)
    return Page(
        account=invitation.account,
        words=Words(
            subject=_("Invitation to %(account)s") % {"account": account},
            title=_("You are invited to %(account)s") % {"account": account},
            lead=_("%(sender)s asks you to join the people of %(account)s here. You come in as: %(role)s.")
            % {"sender": sender, "account": account, "role": invitation.get_role_display()},
        ),
        buttons=(Button(_("Look at the invitation"), _absolute("accounts:invitation", link)),),
        after=_("The link can be used until %(until)s.") % {"until": until},
        because=_("%(sender)s gave us this address. If you do not want to join, you need do nothing.")
        % {"sender": sender},
    )


def _question_page(account: Account, user: User, link: str) -> Page:
    return Page(
        account=account,
        words=Words(
            subject=_("Is this your address?"),
            title=_("Is this your address?"),
            lead=_("%(name)s wants to sign in with it from now on. Until you say yes, nothing is changed.")
            % {"name": one_line(user.name)},
        ),
        buttons=(Button(_("Use this address"), _absolute("accounts:address-confirm", link)),),
        after=_("The link can be used for a day, by whoever is signed in as the one who asked."),
        because=_("Somebody who is signed in here gave us this address. If it was not you, you need do nothing."),
    )


def _news_page(account: Account) -> Page:
    return Page(
        account=account,
        words=Words(
            subject=_("Your address for signing in was changed"),
            title=_("Your address for signing in was changed"),
            lead=_("This address no longer signs you in: another one does, and mails go there from now on."),
        ),
        buttons=(),
        after="",
        because=_("If it was not you, tell the owner of %(account)s or the operator of this site at once.")
        % {"account": one_line(account.name)},
    )


def _account_of(order: MailOrder) -> Account:
    mails = OutgoingMail.objects.filter(subject_uid=order.subject_uid, kind=order.kind, recipient=order.recipient)
    return mails.select_related("account").get(sequence=order.sequence).account


def _absolute(name: str, link: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse(name, args=[link])}"


@contextmanager
def _read_by(locale: str, time_zone: object) -> Generator[None]:
    with translation.override(locale), timezone.override(ZoneInfo(str(time_zone))):
        yield
