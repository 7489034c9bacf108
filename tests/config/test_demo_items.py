"""What the demo's people have put into My Calendar."""

from datetime import timedelta

import pytest

from bookings.models import OwnItem
from config.demo.items import ITEMS, add_items
from config.demo.kept import Kept
from config.demo.rows import seed_rows
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(tmp_path, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    seed_rows(Kept(tmp_path))


def test_items_are_added_once(seeded):
    assert add_items(now=NOW) == len(ITEMS)
    assert add_items(now=NOW + timedelta(hours=1)) == 0
    assert OwnItem.objects.count() == len(ITEMS)


def test_items_that_are_over_come_again(seeded):
    add_items(now=NOW)

    assert add_items(now=NOW + timedelta(days=10)) == len(ITEMS)
