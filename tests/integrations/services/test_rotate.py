"""Keys change; what is encrypted follows, and nothing is lost on the way."""

from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.db import transaction
from django.db.models import Value

from integrations.models import Connection, RemoteEvent
from integrations.models.connection import CredentialMismatch
from integrations.services import rotate
from integrations.services.rotate import rotate_credentials
from tests.factories import ConnectionFactory, RemoteCalendarFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "an old key", "a new key"
FIELDS = [model._meta.get_field(name) for model, name in rotate.ENCRYPTED]
CACHED = ("keys", "fernet_keys", "fernet")


def forget_cached_keys() -> None:
    for field in FIELDS:
        for name in CACHED:
            field.__dict__.pop(name, None)


@pytest.fixture
def use_keys(settings) -> Iterator[Callable[..., None]]:
    def use(*keys: str) -> None:
        settings.FERNET_KEYS = list(keys)
        forget_cached_keys()

    yield use
    forget_cached_keys()


def passwords():
    return [connection.credentials().password for connection in Connection.objects.order_by("pk")]


def stored(table="integrations_connection", column="credential"):
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_after_the_rotation_the_old_key_is_not_needed(use_keys):
    use_keys(OLD)
    ConnectionFactory(password="one")
    RemoteEvent.objects.create(remote_calendar=RemoteCalendarFactory(), key="e", url="e", reduced="dentist")
    use_keys(NEW, OLD)

    call_command("rotate_credentials", stdout=StringIO())

    use_keys(NEW)
    assert passwords() == ["one", "app-password"]
    assert RemoteEvent.objects.get().reduced == "dentist"


def test_an_interrupted_rotation_goes_on_where_it_was(use_keys, monkeypatch):
    monkeypatch.setattr(rotate, "BATCH", 2)
    use_keys(OLD)
    ConnectionFactory.create_batch(5, password="one")
    use_keys(NEW, OLD)
    next(rotate_credentials())
    first_two = stored()[:2]

    rest = [batch.rotated for batch in rotate_credentials()]

    assert rest == [0, 2, 1]
    assert stored()[:2] == first_two
    use_keys(NEW)
    assert passwords() == ["one"] * 5


def test_a_password_changed_meanwhile_is_not_written_over(use_keys, monkeypatch):
    use_keys(OLD)
    connection = ConnectionFactory(password="one")
    use_keys(NEW, OLD)
    opens = rotate._opens

    def change_meanwhile(key, text):
        connection.seal("two")
        connection.save(update_fields=["credential"])
        return opens(key, text)

    monkeypatch.setattr(rotate, "_opens", change_meanwhile)

    assert [batch.rotated for batch in rotate_credentials()] == [0]
    assert passwords() == ["two"]


def test_what_no_key_opens_is_reported_and_left(use_keys):
    use_keys("a lost key")
    ConnectionFactory(password="one")
    before = stored()
    use_keys(NEW, OLD)

    with pytest.raises(CommandError, match="1 cannot be opened"):
        call_command("rotate_credentials", stdout=StringIO())

    assert stored() == before


def test_without_its_key_a_login_waits_for_its_owner_and_is_written_back_untouched(use_keys):
    use_keys(OLD)
    connection = ConnectionFactory(password="one")
    before = stored()
    use_keys(NEW)

    found = Connection.objects.get()
    with pytest.raises(CredentialMismatch):
        found.credentials()
    found.username = connection.username
    found.save()

    assert stored() == before
    use_keys(OLD)
    assert passwords() == ["one"]


def test_an_sql_expression_is_never_encrypted_as_its_own_text():
    connection = ConnectionFactory()

    with pytest.raises(TypeError), transaction.atomic():
        Connection.objects.update(credential=Value("text"))
    connection.seal("two")
    with pytest.raises(TypeError), transaction.atomic():
        Connection.objects.bulk_update([connection], ["credential"])

    assert passwords() == ["app-password"]
