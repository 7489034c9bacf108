"""What a connection that is switched off still does, in its owner's words."""

from datetime import timedelta

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bookings.templatetags.times import day_words
from integrations.models import Connection

register = template.Library()


@register.filter
def off_what(connection: Connection) -> str:
    """ "What is known of its events goes on blocking up to and including Tuesday 24 November." """
    if connection.blocks_until is None:
        return _("Its events do not keep you from being booked.")
    last = localtime(connection.blocks_until - timedelta(seconds=1)).date()
    return _("What is known of its events goes on blocking up to and including %(day)s.") % {"day": day_words(last)}
