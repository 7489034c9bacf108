"""Connect a login: the server is asked first, and only what worked is kept."""

import re
from contextlib import closing
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from integrations.models import Connection, ConnectionState, Provider
from integrations.ports import Credentials, Home
from integrations.providers.registry import open_provider
from integrations.services.address import server_address
from integrations.services.listing import keep_listed
from integrations.services.nudge import nudge_look
from integrations.services.tries import count_try

_APP_SPECIFIC = re.compile(r"([a-z]{4})[\s-]*([a-z]{4})[\s-]*([a-z]{4})[\s-]*([a-z]{4})", re.IGNORECASE)


class NotAppSpecific(Exception):
    """Not the shape of an app-specific password, so probably the Apple account's own. It was sent nowhere."""


@sensitive_variables("password", "credentials")
def connect(user: User, *, provider: str, server_url: str, username: str, password: str, now: datetime) -> Connection:
    """Sign in, list the calendars, and keep the login; one known already gets its new password and keeps the rest.

    iCloud's server is the site's own setting, whatever ``server_url`` says. Nothing is stored unless all of it works.
    Raises NotAppSpecific, AddressHasLogin, UnusableAddress or TooManyTries before anything is sent, and what the
    port raises when the server does not do as hoped.
    """
    username = username.strip()
    if provider == Provider.ICLOUD:
        server_url, username, password = settings.ICLOUD_CALDAV_URL, username.lower(), app_specific(password)
    else:
        server_url = server_address(server_url)
    credentials = Credentials(server_url=server_url, username=username, password=password)
    return _connect(user, provider, credentials, now=now)


@sensitive_variables("password", "credentials")
def reconnect(connection: Connection, *, password: str, now: datetime) -> Connection:
    """A new password for a known login, whose server and user name stay as they are. Raises what connect() raises."""
    if connection.provider == Provider.ICLOUD:
        password = app_specific(password)
    credentials = Credentials(server_url=connection.server_url, username=connection.username, password=password)
    return _connect(connection.user, connection.provider, credentials, now=now)


@sensitive_variables("password", "shape")
def app_specific(password: str) -> str:
    """``abcd-efgh-ijkl-mnop``, however it was typed. Raises NotAppSpecific for any other shape."""
    shape = _APP_SPECIFIC.fullmatch(password.strip())
    if shape is None:
        raise NotAppSpecific
    return "-".join(shape.groups()).lower()


@sensitive_variables("credentials")
def _connect(user: User, kind: str, credentials: Credentials, *, now: datetime) -> Connection:
    count_try(user, now=now)
    with closing(open_provider(credentials, kind)) as provider:
        home = provider.find_home()
        listed = provider.list_calendars(home)
    with transaction.atomic(durable=True):
        connection = _keep(user, kind, credentials, home, now)
        keep_listed(connection, listed, now=now)
        nudge_look(connection.pk)
    return connection


@sensitive_variables("credentials")
def _keep(user: User, kind: str, credentials: Credentials, home: Home, now: datetime) -> Connection:
    login = {"user": user, "server_url": credentials.server_url, "username": credentials.username}
    first = {"provider": kind, "connected_at": now, "next_look_at": now}
    connection, _is_new = Connection.objects.defer("credential").get_or_create(**login, defaults=first)
    connection.seal(credentials.password)
    connection.save(update_fields=["credential"])
    # the fence rises: a worker that is still at it with the old password must not have the last word
    Connection.objects.filter(pk=connection.pk).update(
        provider=kind,
        home_url=home.url,
        addresses=list(home.addresses),
        state=ConnectionState.CONNECTED,
        reason="",
        connected_at=now,
        next_look_at=now,
        failures=0,
        unfinished=0,
        refused_at=None,
        broken_at=None,
        times_told=0,
        paused_until=None,
        claimed_until=None,
        fence=F("fence") + 1,
    )
    connection.refresh_from_db(from_queryset=Connection.objects.defer("credential"))
    return connection
