"""A customer sends a form of their own appointment while staff move it: nothing is done to a time nobody has seen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import Appointment, Status
from bookings.services.book import book_appointment
from bookings.tokens import manage_token
from tests.bookings.situations import ADA
from tests.factories import CalendarFactory, CalendarMemberFactory, MemberFactory, ScheduleFactory
from tests.flows.conftest import eventually
from tests.flows.storm import ALWAYS_OPEN, coming_hour

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("page", ["manage-cancel", "manage-reschedule"])
def test_who_waits_for_somebody_who_moves_the_appointment_is_asked_again(page):
    place, start = _open_place(), coming_hour()
    one = book_appointment(place.calendar, starts_at=start, customer=ADA, now=timezone.now())
    sent = {"seen": start.isoformat(), "start": (start + 3 * HOUR).isoformat(), "reason": "Delayed"}
    url = reverse(f"bookings:{page}", args=[manage_token(one)])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Appointment.objects.select_for_update().get(pk=one.pk)
            answer = pool.submit(_post, url, sent)
            eventually(_somebody_waits)
            Appointment.objects.filter(pk=one.pk).update(starts_at=start + HOUR, ends_at=start + 2 * HOUR)
        response = answer.result()

    one.refresh_from_db()
    assert response.status_code == 409
    assert "The appointment has been changed meanwhile." in response.content.decode()
    assert "Delayed" in response.content.decode()
    assert (one.starts_at, one.status) == (start + HOUR, Status.CONFIRMED)


def _open_place():
    member = MemberFactory()
    ScheduleFactory(member=member, hours=ALWAYS_OPEN)
    return CalendarMemberFactory(calendar=CalendarFactory(account=member.account), member=member)


def _post(url, sent):
    try:
        return Client().post(url, sent)
    finally:
        connections.close_all()


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
        return cursor.rowcount > 0
