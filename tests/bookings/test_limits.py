"""Public limits as clients meet them: on the page, behind the manage link, in the JSON interface."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Tally
from bookings.forms.robots import opened_at
from bookings.models import Appointment
from bookings.services.book import book_appointment
from bookings.tokens import manage_token
from tests.bookings.situations import ADA, TEN
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("at_now", "limits_on")
SENTENCE = "Too much was asked for in a short time, so this was not done. Try again later."


def _start(number):
    return (TEN + number * timedelta(minutes=30)).isoformat()


def _post(client, calendar, number, *, email="ada@example.org", key=None, **meta):
    answers = {
        "start": _start(number),
        "name": "Ada",
        "email": email,
        "note": "Bring <tea>",
        "key": key or f"form {number}",
        "opened": opened_at(NOW - timedelta(minutes=1)),
    }
    return client.post(reverse("bookings:book", args=[calendar.account.slug, calendar.slug]), answers, **meta)


def _send(client, calendar, number, *, email="ada@example.org", key=None, **meta):
    return client.post(
        f"/api/v1/calendars/{calendar.account.slug}/{calendar.slug}/appointments",
        json.dumps({"start": _start(number), "name": "Ada", "email": email}),
        content_type="application/json",
        headers={"idempotency-key": key or f"key {number}"},
        **meta,
    )


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_booking_too_many_brings_the_form_back_with_all_answers(client, place, limits_on):
    limits_on["book-email"] = (1, 86_400)
    _post(client, place.calendar, 0)

    refused = _post(client, place.calendar, 1)

    page = refused.content.decode()
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 86_400
    assert SENTENCE in page
    assert "Bring &lt;tea&gt;" in page
    assert 'value="form 1"' in page
    assert Appointment.objects.count() == 1


def test_whoever_is_refused_is_told_how_else_to_reach_the_account(client, place, limits_on):
    account = place.calendar.account
    account.phone, account.email = "030 123", "desk@example.org"
    account.save()
    limits_on["book-account"] = (1, 3600)
    _post(client, place.calendar, 0)

    page = _post(client, place.calendar, 1).content.decode()

    assert f"{SENTENCE} Or call 030 123, or write to desk@example.org." in page


def test_a_form_that_is_not_in_order_counts_nowhere(client, place):
    assert _post(client, place.calendar, 0, email="nobody").status_code == 422
    assert not Tally.objects.exists()


def test_the_same_form_twenty_times_is_one_appointment_and_never_refused(client, place, limits_on):
    limits_on["open-per-customer"] = (1, 0)
    limits_on["book-email"] = (1, 86_400)

    answers = [_post(client, place.calendar, 0) for _ in range(20)]

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, answers[0].url)}
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("limit", ["book-address", "book-email", "book-account", "open-per-customer"])
def test_every_limit_refuses_in_the_same_words(client, place, limits_on, limit):
    seconds = limits_on[limit][1]
    limits_on[limit] = (1, seconds)
    _post(client, place.calendar, 0)

    refused = _post(client, place.calendar, 1)

    assert refused.status_code == 429
    assert SENTENCE in refused.content.decode()


def test_a_refusal_does_not_tell_whether_an_address_is_known(client, place, limits_on):
    limits_on["book-address"] = (1, 3600)
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)
    _post(client, place.calendar, 1, email="ida@example.org")

    known, unknown = (
        _post(client, place.calendar, 2, email=email, key="same") for email in ("ada@example.org", "eve@example.org")
    )

    assert known.status_code == unknown.status_code == 429
    assert _without_secrets(known, "ada@") == _without_secrets(unknown, "eve@")


def test_a_booking_answers_alike_for_known_and_unknown_addresses(client, place):
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW)

    known, unknown = (
        _post(client, place.calendar, n, email=f"{who}@example.org") for n, who in ((1, "ada"), (2, "eve"))
    )
    pages = [client.get(answer.url) for answer in (known, unknown)]

    assert known.status_code == unknown.status_code == 302
    assert [page.status_code for page in pages] == [200, 200]
    # neither a name nor a number that the account knew before
    assert "Lovelace" not in pages[0].content.decode()


def _without_secrets(response, name):
    page = re.sub(r'(nonce|value)="[^"]*"|nonce-[^\']*', "", response.content.decode())
    return page.replace(name, "")


# ── the address ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_made_up_forwarding_headers_change_nothing(client, place, settings, limits_on):
    limits_on["book-address"] = (2, 3600)
    settings.TRUSTED_PROXY_COUNT = 1

    answers = [
        _send(client, place.calendar, n % 8, key=f"k{n}", email=f"p{n}@example.org", HTTP_X_FORWARDED_FOR=forwarded)
        for n, forwarded in enumerate(f"203.0.113.{n}, 198.51.100.9" for n in range(20))
    ]

    assert [answer.status_code for answer in answers].count(201) == 2
    assert {answer.status_code for answer in answers[2:]} == {429}


def test_without_a_trusted_proxy_a_forwarding_header_is_nobodys(client, place, limits_on):
    limits_on["book-address"] = (1, 3600)

    answers = [
        _send(client, place.calendar, n, email=f"p{n}@example.org", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
        for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [201, 429, 429]


# ── the JSON interface ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_interface_refuses_with_a_code_and_the_time_to_wait(client, place, limits_on):
    limits_on["book-email"] = (1, 86_400)
    _send(client, place.calendar, 0)

    refused = _send(client, place.calendar, 1)

    assert refused.status_code == 429
    wait = int(refused["Retry-After"])
    assert refused.json() == {"error": "too_many_requests", "message": SENTENCE, "retry_after": wait}
    assert Appointment.objects.count() == 1


def test_the_same_request_again_is_never_refused(client, place, limits_on):
    limits_on["book-email"] = limits_on["book-address"] = (1, 86_400)
    first = _send(client, place.calendar, 0)

    again = _send(client, place.calendar, 0)

    assert (again.status_code, again.json()) == (201, first.json())


def test_a_body_that_is_too_large_is_refused_as_such(client, place):
    answer = client.post(
        f"/api/v1/calendars/{place.calendar.account.slug}/{place.calendar.slug}/appointments",
        b" " * 3_000_000,
        content_type="application/json",
        headers={"idempotency-key": "k"},
    )

    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


# ── the manage link ──────────────────────────────────────────────────────────────────────────────────────────────────


def _made_up(number):
    return reverse("bookings:manage", args=[f"{number:064d}"])


def test_guessing_manage_links_ends_after_sixty_tries(client, appointment):
    answers = [client.get(_made_up(number)).status_code for number in range(70)]

    right = client.get(reverse("bookings:manage", args=[manage_token(appointment)]))

    assert answers == [404] * 60 + [429] * 10
    # even the right one, or guessing would go on
    assert (right.status_code, int(right["Retry-After"]) > 3500) == (429, True)
    assert appointment.customer_name not in right.content.decode()


def test_somebody_elses_guesses_do_not_close_the_page(client, appointment):
    for number in range(61):
        client.get(_made_up(number), REMOTE_ADDR="198.51.100.1")

    right = client.get(reverse("bookings:manage", args=[manage_token(appointment)]))

    assert right.status_code == 200


def test_one_change_too_many_is_refused_and_changes_nothing(client, appointment, limits_on):
    limits_on["change-appointment"] = (1, 86_400)
    move, cancel = (
        reverse(f"bookings:manage-{what}", args=[manage_token(appointment)]) for what in ("reschedule", "cancel")
    )
    client.post(move, {"start": _start(4)})

    refused = client.post(cancel, {"reason": "No time after <all>"})

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert SENTENCE in refused.content.decode()
    assert "No time after &lt;all&gt;" in refused.content.decode()
    appointment.refresh_from_db()
    assert appointment.is_active
