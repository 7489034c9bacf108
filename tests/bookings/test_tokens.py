import base64
from uuid import uuid4

import pytest
from django.test import override_settings

from bookings.models import Appointment
from bookings.tokens import appointment_by_token, manage_token


def test_a_token_opens_its_appointment(appointment):
    assert appointment_by_token(manage_token(appointment)) == appointment


def test_a_token_needs_no_quoting_and_carries_a_code_of_256_bits(appointment):
    token = manage_token(appointment)

    assert len(base64.urlsafe_b64decode(token)) == 16 + 32
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("position", [0, 21, 22, 40, 63])
def test_an_altered_token_opens_nothing(appointment, position):
    token = manage_token(appointment)
    other = "A" if token[position] != "A" else "B"

    assert appointment_by_token(token[:position] + other + token[position + 1 :]) is None


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ä" * 64, "=" * 64, "A" * 65])
def test_a_made_up_token_opens_nothing(db, token):
    assert appointment_by_token(token) is None


def test_the_uid_with_another_code_opens_nothing(appointment):
    code = base64.urlsafe_b64decode(manage_token(appointment))[16:]

    assert appointment_by_token(base64.urlsafe_b64encode(uuid4().bytes + code).decode()) is None


def test_a_token_of_an_earlier_version_opens_nothing(appointment):
    token = manage_token(appointment)
    Appointment.objects.update(token_version=2)

    assert appointment_by_token(token) is None
    appointment.refresh_from_db()
    assert appointment_by_token(manage_token(appointment)) == appointment


def test_tokens_outlive_a_change_of_the_secret_key_while_the_old_one_is_a_fallback(appointment, settings):
    token, old = manage_token(appointment), settings.SECRET_KEY

    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[old]):
        assert appointment_by_token(token) == appointment
    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[]):
        assert appointment_by_token(token) is None
