from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from availability.models import BusySource
from availability.services.own_source import own_source
from tests.factories import NOW, UserFactory


@pytest.mark.django_db
def test_a_user_has_one_own_source():
    user = UserFactory()

    first, second = own_source(user, now=NOW), own_source(user, now=NOW)

    assert first == second
    assert (first.user, first.is_own) == (user, True)


@pytest.mark.django_db
def test_what_others_report_is_not_taken_for_it():
    user = UserFactory()
    other = BusySource.objects.create(user=user, name="Private")

    assert own_source(user, now=NOW) != other


@pytest.mark.django_db
def test_the_database_refuses_a_second_one():
    user = UserFactory()
    own_source(user, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        BusySource.objects.create(user=user, name="Another", is_own=True)


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_the_same_one():
    user = UserFactory()
    barrier = Barrier(8)

    def ask(_number):
        barrier.wait()
        try:
            return own_source(user, now=NOW).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))

    assert len(found) == BusySource.objects.filter(user=user).count() == 1
