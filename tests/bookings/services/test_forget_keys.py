from datetime import timedelta

from bookings.models import IdempotencyKey
from bookings.services.book import book_appointment
from bookings.services.forget_keys import forget_old_keys
from tests.bookings.situations import ADA, ELEVEN, TEN
from tests.factories import NOW


def test_keys_are_kept_for_a_day(place):
    book_appointment(place.calendar, starts_at=TEN, customer=ADA, now=NOW, key="old")
    book_appointment(place.calendar, starts_at=ELEVEN, customer=ADA, now=NOW, key="new")
    old = IdempotencyKey.objects.get(key="old")
    IdempotencyKey.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=1, seconds=1))
    IdempotencyKey.objects.exclude(pk=old.pk).update(created_at=NOW - timedelta(days=1))

    assert forget_old_keys(now=NOW) == 1
    assert IdempotencyKey.objects.get().key == "new"
