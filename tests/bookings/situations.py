"""Who books in these tests, and when."""

from datetime import timedelta

from bookings.services.book import Customer
from tests.factories import NOW

# 10:00 in Berlin, two hours from now
TEN = NOW + timedelta(hours=2)
ELEVEN = TEN + timedelta(hours=1)
ADA = Customer(name="Ada Lovelace", email="ada@example.org", time_zone="Europe/London", locale="en-gb")
