"""A broken connection in its owner's words (Y16): since when, why, and what stays safe."""

from django import template
from django.utils.translation import gettext as _

from bookings.templatetags.times import day_clock, full_day_clock
from integrations.models import Connection, Provider

register = template.Library()


@register.filter
def broken_since(connection: Connection) -> str:
    """ "iCloud ada@example.org is not connected since Tuesday 24 November, 14:15." """
    words = {"where": connection.where, "login": connection.username}
    if connection.broken_at is None:
        return _("%(where)s %(login)s is not connected any more.") % words
    since = {**words, "time": day_clock(connection.broken_at)}
    return _("%(where)s %(login)s is not connected since %(time)s.") % since


@register.filter
def broken_what(connection: Connection) -> str:
    """Why, as far as that is known."""
    if not connection.refused_at:
        return _("The stored password cannot be used for this login.")
    if connection.provider == Provider.ICLOUD:
        return _("iCloud no longer accepts the app-specific password.")
    return _("The server no longer accepts the password.")


@register.filter
def broken_why(connection: Connection) -> str:
    """What may be behind it."""
    if not connection.refused_at:
        return _("It was kept for another server or user name, or under a key this site no longer has.")
    if connection.provider == Provider.ICLOUD:
        return _("Perhaps it was revoked, or the Apple password was changed: that ends all app-specific passwords.")
    return _("Perhaps it was changed or revoked there.")


@register.filter
def broken_safe(connection: Connection) -> str:
    """What goes on meanwhile."""
    if connection.synced_at is None:
        return _("Until you give us a new one, nothing is written there. No appointment is lost.")
    said = _(
        "Until you give us a new one, the busy times of %(time)s stay in force and nothing new is written there. "
        "No appointment is lost."
    )
    return said % {"time": full_day_clock(connection.synced_at)}
