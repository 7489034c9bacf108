from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F

from accounts.models import Tally
from accounts.services.limits import TooMany, Use, forget_ended, limits_are_on, most_at_once, refuse_spent, spend
from config.rate_limits import DEFAULTS, read_rate_limits

ADDRESS, EMAIL = Use("book-address", "192.0.2.7"), Use("book-email", "ada@example.org")


@pytest.fixture
def limits(settings):
    settings.RATE_LIMITS = {"book-address": (3, 3600), "book-email": (1, 86_400), "open-per-customer": (5, 0)}


def _let_windows_end():
    Tally.objects.update(ends_at=F("ends_at") - timedelta(days=4))


# ── the setting ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_word_from_the_operator_the_defaults_hold():
    assert read_rate_limits("") == DEFAULTS


def test_an_entry_changes_one_limit_and_leaves_the_others():
    read = read_rate_limits(" book-email = 3/h , open-per-customer=12,")

    assert read == DEFAULTS | {"book-email": (3, 3600), "open-per-customer": (12, 0)}


def test_off_is_no_limit_at_all():
    assert read_rate_limits(" Off ") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("book-emial=3/h", "there is no limit “book-emial”"),
        ("book-email", "book-email takes a number per m, h or d, like 30/h, not “”"),
        ("book-email=3", "not “3”"),
        ("book-email=3/w", "not “3/w”"),
        ("book-email=-3/h", "not “-3/h”"),
        ("book-email=0/h", "not “0/h”"),
        ("book-email=off", "not “off”"),
        ("open-per-customer=5/d", "open-per-customer takes a number like 5, not “5/d”"),
        ("off,book-email=3/h", "there is no limit “off”"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_with_what_is_wrong(text, told):
    with pytest.raises(ImproperlyConfigured, match=f"^RATE_LIMITS: .*{told}"):
        read_rate_limits(text)


def test_limits_are_on_unless_switched_off(settings, limits):
    on = limits_are_on()
    settings.RATE_LIMITS = read_rate_limits("off")

    assert (on, limits_are_on()) == (True, False)


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_so_many_are_let_through_and_no_more(limits):
    for _ in range(3):
        spend(ADDRESS)

    with pytest.raises(TooMany) as refused:
        spend(ADDRESS)

    assert 3590 <= refused.value.retry_after <= 3600


@pytest.mark.django_db
def test_everybody_has_a_count_of_their_own(limits):
    for _ in range(3):
        spend(ADDRESS)

    spend(Use("book-address", "192.0.2.8"))

    assert sorted(Tally.objects.values_list("count", flat=True)) == [1, 3]


@pytest.mark.django_db
def test_a_refusal_counts_nowhere(limits):
    spend(EMAIL, ADDRESS)
    with pytest.raises(TooMany):
        spend(EMAIL, ADDRESS)

    assert dict(Tally.objects.values_list("what", "count")) == {"book-address": 1, "book-email": 1}


@pytest.mark.django_db
def test_after_its_window_the_count_begins_anew(limits):
    spend(EMAIL)
    _let_windows_end()

    spend(EMAIL)

    assert Tally.objects.get().count == 1
    with pytest.raises(TooMany):
        spend(EMAIL)


@pytest.mark.django_db
def test_a_repeat_is_neither_counted_nor_refused(limits):
    for _ in range(5):
        spend(EMAIL, once="the same form")

    assert Tally.objects.get(what="book-email").count == 1


@pytest.mark.django_db
def test_what_was_refused_is_no_repeat_when_it_comes_again(limits):
    spend(EMAIL, once="one form")

    for _ in range(2):
        with pytest.raises(TooMany):
            spend(EMAIL, once="another form")


@pytest.mark.django_db
def test_without_limits_nothing_is_counted(settings):
    settings.RATE_LIMITS = {}

    for _ in range(50):
        spend(ADDRESS, EMAIL, once="form")
    refuse_spent(ADDRESS)

    assert most_at_once("open-per-customer") is None
    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_looking_whether_anything_is_left_counts_nothing(limits):
    refuse_spent(EMAIL)
    spend(EMAIL)

    with pytest.raises(TooMany):
        refuse_spent(EMAIL)
    assert Tally.objects.get().count == 1
    _let_windows_end()
    refuse_spent(EMAIL)


@pytest.mark.django_db
def test_the_table_holds_nobodys_address(limits):
    spend(ADDRESS, EMAIL, once="a form of ada@example.org")

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '\n') FROM accounts_tally t")
        (rows,) = cursor.fetchone()
    assert "ada@example" not in rows
    assert "192.0.2.7" not in rows


@pytest.mark.django_db
def test_ended_tallies_are_forgotten(limits):
    spend(EMAIL, once="form")
    _let_windows_end()
    spend(ADDRESS)

    assert forget_ended() == 2
    assert Tally.objects.get().what == "book-address"


@pytest.mark.django_db(transaction=True)
def test_connections_that_count_at_the_same_moment_count_together(limits):
    ready = Barrier(8)

    def try_once(number):
        try:
            ready.wait()
            spend(ADDRESS, once=f"form {number % 4}")
        except TooMany:
            return None
        else:
            return number % 4
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(try_once, range(8)))

    # both sendings of three forms, neither of the fourth
    assert len(let_through) - let_through.count(None) == 6
    assert len(set(let_through) - {None}) == 3
    assert Tally.objects.get(what="book-address").count == 3
