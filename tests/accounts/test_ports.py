from uuid import UUID

import pytest

from accounts import ports
from accounts.ports import Letter, MailOrder, compose, compose_with
from tests.factories import NOW

LETTER = Letter(subject="x", text="x", html="x", sender_name="x")


@pytest.fixture(autouse=True)
def composers(monkeypatch):
    monkeypatch.setattr(ports, "_composers", {})


def _order(kind):
    return MailOrder(subject_uid=UUID(int=1), kind=kind, recipient="ada@example.org", sequence=0)


def test_a_kind_is_written_by_whoever_took_it_over():
    asked = []
    compose_with(lambda order, now: asked.append((order, now)) or LETTER, ["host_booked"])

    assert compose(_order("host_booked"), NOW) is LETTER
    assert asked == [(_order("host_booked"), NOW)]


def test_a_kind_with_a_number_belongs_to_its_family():
    compose_with(lambda order, now: LETTER, ["reminder"])

    assert compose(_order("reminder_60"), NOW) is LETTER


@pytest.mark.parametrize("kind", ["booked", "reminder_soon", "reminder_60_60", "60"])
def test_what_nobody_writes_is_not_written(kind):
    compose_with(lambda order, now: LETTER, ["reminder"])

    with pytest.raises(KeyError):
        compose(_order(kind), NOW)
