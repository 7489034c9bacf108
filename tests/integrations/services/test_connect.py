"""Connecting: the server is asked first, and only what worked is kept."""

from datetime import timedelta

import pytest

from integrations.models import Connection, ConnectionState, ConnectionTry, RemoteCalendar
from integrations.ports import Capability, Credentials, LoginRefused, NotACalendarServer, Unreachable
from integrations.services.address import AddressHasLogin
from integrations.services.connect import NotAppSpecific, connect, reconnect
from integrations.services.tries import MOST_TRIES, TooManyTries
from tests.factories import NOW, RemoteCalendarFactory, UserFactory
from tests.fakes.memory_provider import LOGIN

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def user():
    return UserFactory()


def connect_ada(user, *, password=LOGIN.password, now=NOW, url=LOGIN.server_url):
    return connect(user, provider="caldav", server_url=url, username=LOGIN.username, password=password, now=now)


def test_what_worked_is_kept_with_all_calendars(outside, user):
    outside.server.add_calendar("Practice", colour="#ff8800")
    outside.server.add_calendar("Family", capability=Capability.READ_ONLY)
    outside.server.add_calendar("Holidays", capability=Capability.SUBSCRIBED)

    connection = connect_ada(user)

    stored = Connection.objects.get()
    assert stored == connection
    assert (stored.user, stored.provider, stored.state) == (user, "caldav", ConnectionState.CONNECTED)
    assert (stored.home_url, stored.next_look_at) == (outside.server.home.url, NOW)
    assert stored.credentials() == LOGIN
    names = RemoteCalendar.objects.order_by("name").values_list("name", "capability", "colour", "token")
    assert list(names) == [
        ("Family", "read_only", "#3366cc", ""),
        ("Holidays", "subscribed", "#3366cc", ""),
        ("Practice", "write", "#ff8800", ""),
    ]
    assert outside.providers[0].closed


@pytest.mark.parametrize("error", [LoginRefused, NotACalendarServer, Unreachable])
def test_nothing_is_kept_of_what_failed(outside, user, error):
    outside.error = error("no")

    with pytest.raises(error):
        connect_ada(user)

    assert not Connection.objects.exists()
    assert outside.providers[0].closed


def test_nothing_is_sent_to_an_address_that_carries_a_login(outside, user):
    with pytest.raises(AddressHasLogin):
        connect_ada(user, url="https://ada:secret@calendars.example.com/")

    assert outside.opened == []


@pytest.mark.parametrize("typed", ["abcd-efgh-ijkl-mnop", "ABCD EFGH IJKL MNOP", " abcdefghijklmnop "])
def test_an_app_specific_password_is_known_by_its_shape(outside, user, settings, typed):
    settings.ICLOUD_CALDAV_URL = LOGIN.server_url

    connect(user, provider="icloud", server_url="", username="Ada@Example.com ", password=typed, now=NOW)

    assert outside.opened == [(LOGIN, "icloud")]


@pytest.mark.parametrize(
    "typed", ["Sommer2026", "abcd-efgh-ijkl-mno", "abcd-efgh-ijkl-mnop-qrst", "abcd-ef1h-ijkl-mnop"]
)
def test_another_apple_password_is_sent_nowhere(outside, user, typed):
    with pytest.raises(NotAppSpecific):
        connect(user, provider="icloud", server_url="", username="ada@example.com", password=typed, now=NOW)

    assert outside.opened == []
    assert not Connection.objects.exists()


def test_the_same_login_again_replaces_the_password_and_keeps_the_rest(outside, user):
    outside.server.add_calendar("Practice")
    connection = connect_ada(user)
    RemoteCalendar.objects.update(cursor="3", token="t")
    Connection.objects.update(
        state=ConnectionState.BROKEN, failures=4, refused_at=NOW, paused_until=LATER, next_look_at=LATER, reason="no"
    )
    fence = Connection.objects.get().fence
    outside.server.credentials = Credentials(LOGIN.server_url, LOGIN.username, "new password")

    again = connect_ada(user, password="new password", now=LATER)

    assert again == connection
    stored = Connection.objects.get()
    assert (stored.state, stored.failures, stored.reason) == (ConnectionState.CONNECTED, 0, "")
    assert (stored.refused_at, stored.paused_until, stored.next_look_at) == (None, None, LATER)
    assert stored.credentials().password == "new password"
    assert stored.fence > fence
    assert RemoteCalendar.objects.values_list("cursor", "token").get() == ("3", "t")


def test_a_new_password_goes_to_the_server_it_was_connected_to(outside, user, settings):
    settings.ICLOUD_CALDAV_URL = LOGIN.server_url
    connection = connect(
        user, provider="icloud", server_url="", username=LOGIN.username, password=LOGIN.password, now=NOW
    )
    settings.ICLOUD_CALDAV_URL = "https://elsewhere.example.com/"

    reconnect(connection, password="abcd efgh ijkl mnop", now=LATER)

    assert outside.opened[-1] == (LOGIN, "icloud")
    assert Connection.objects.count() == 1


def test_a_calendar_the_home_no_longer_lists_is_gone(outside, user):
    outside.server.add_calendar("Practice")
    connection = connect_ada(user)
    old = RemoteCalendarFactory(connection=connection, name="Old")

    connect_ada(user, now=LATER)

    old.refresh_from_db()
    assert old.gone_at == LATER
    assert RemoteCalendar.objects.get(name="Practice").gone_at is None


def test_the_same_login_of_two_users_is_two_connections(outside, user):
    connect_ada(user)
    connect_ada(UserFactory())

    assert Connection.objects.count() == 2


def test_a_form_is_no_port_scanner(outside, user):
    ConnectionTry.objects.bulk_create(ConnectionTry(user=user, tried_at=NOW) for _ in range(MOST_TRIES))

    with pytest.raises(TooManyTries):
        connect_ada(user)
    assert outside.opened == []

    connect_ada(UserFactory())
    connect_ada(user, now=NOW + timedelta(hours=1))
    assert ConnectionTry.objects.filter(user=user).count() == 1


def test_failed_tries_count(outside, user):
    outside.error = Unreachable("no")

    with pytest.raises(Unreachable):
        connect_ada(user)

    assert ConnectionTry.objects.filter(user=user).count() == 1
