"""What tests of My Calendar share: pages, their text, and what lies on somebody's calendar outside."""

import re
from html import unescape

from django.urls import reverse

from availability.models import BlockingSource, BusySource, BusyTime
from tests.factories import NOW


def page(client, user, **query):
    client.force_login(user)
    return client.get(reverse("bookings:my-calendar"), query)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def drawing(response):
    """The text of what is drawn, without head and filters."""
    inside = response.content.decode().partition('class="calendar-drawing"')[2].partition('id="filters"')[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


def source(member, name="Private", **more):
    made = BusySource.objects.create(user=member.user, name=name, read_at=NOW, **more)
    BlockingSource.objects.create(member=member, source=made)
    return made


def event(of, start, end, **more):
    key = str(BusyTime.objects.count())
    return BusyTime.objects.create(source=of, user=of.user, group="g", key=key, start=start, end=end, **more)
