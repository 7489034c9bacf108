import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from bookings.models import Appointment
from bookings.tokens import appointment_by_token, manage_token
from tests.factories import NOW


def test_a_token_opens_its_appointment(appointment):
    assert appointment_by_token(manage_token(appointment), now=NOW) == appointment


def test_a_token_needs_no_quoting_and_carries_a_code_of_256_bits(appointment):
    token = manage_token(appointment)

    assert len(base64.urlsafe_b64decode(token)) == 16 + 32
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("position", [0, 21, 22, 40, 63])
def test_an_altered_token_opens_nothing(appointment, position):
    token = manage_token(appointment)
    other = "A" if token[position] != "A" else "B"

    assert appointment_by_token(token[:position] + other + token[position + 1 :], now=NOW) is None


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ä" * 64, "=" * 64, "A" * 65])
def test_a_made_up_token_opens_nothing(db, token):
    assert appointment_by_token(token, now=NOW) is None


def test_the_uid_with_another_code_opens_nothing(appointment):
    code = base64.urlsafe_b64decode(manage_token(appointment))[16:]

    assert appointment_by_token(base64.urlsafe_b64encode(uuid4().bytes + code).decode(), now=NOW) is None


def test_a_token_of_an_earlier_version_opens_nothing(appointment):
    token = manage_token(appointment)
    Appointment.objects.update(token_version=2)

    assert appointment_by_token(token, now=NOW) is None
    appointment.refresh_from_db()
    assert appointment_by_token(manage_token(appointment), now=NOW) == appointment


def test_tokens_outlive_a_change_of_the_secret_key_while_the_old_one_is_a_fallback(appointment, settings):
    token, old = manage_token(appointment), settings.SECRET_KEY

    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[old]):
        assert appointment_by_token(token, now=NOW) == appointment
    with override_settings(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[]):
        assert appointment_by_token(token, now=NOW) is None


def test_a_token_opens_until_thirty_days_after_the_end(appointment):
    token, last = manage_token(appointment), appointment.ends_at + timedelta(days=30)

    assert appointment_by_token(token, now=last - timedelta(seconds=1)) == appointment
    assert appointment_by_token(token, now=last) is None


@pytest.mark.parametrize("is_known", [True, False])
def test_a_guess_costs_the_same_whether_the_appointment_exists(appointment, is_known, django_assert_num_queries):
    uid = appointment.uid if is_known else uuid4()
    guess = base64.urlsafe_b64encode(uid.bytes + bytes(32)).decode()

    with django_assert_num_queries(1):
        assert appointment_by_token(guess, now=NOW) is None
