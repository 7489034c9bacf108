"""The mail about a connection that waits for its owner."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from bookings.core.plain_text import one_line
from bookings.mails.page import Button, Fact, Page, Words
from integrations.models import Connection
from integrations.templatetags.broken_words import broken_safe, broken_since, broken_what, broken_why


def broken_page(connection: Connection, place: Member) -> Page:
    """``place``: where its owner is sent, and in whose name they are written to."""
    page = reverse("integrations:connection-password", args=[connection.pk])
    login = one_line(f"{connection.where} {connection.username}")
    return Page(
        account=place.account,
        words=Words(
            subject=_("Not connected: %(login)s") % {"login": login},
            title=_("A calendar connection needs you."),
            lead=one_line(broken_since(connection)),
        ),
        starts_at=None,
        ends_at=None,
        is_off=False,
        facts=(
            Fact(label=_("Why"), text=f"{broken_what(connection)} {broken_why(connection)}"),
            Fact(label=_("What stays safe"), text=broken_safe(connection)),
        ),
        buttons=(
            Button(
                words=_("Enter a new password"),
                url=f"{settings.PUBLIC_BASE_URL}{page}?account={place.account.slug}",
            ),
        ),
        after=_("We remind you on day 3, 7 and 14, and stop as soon as it works again or is switched off."),
        because=_("You get this mail because you connected this login at %(account)s.")
        % {"account": one_line(place.account.name)},
    )
