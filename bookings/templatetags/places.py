"""Places in the reader's words."""

from django import template

from bookings.models import Appointment
from bookings.queries import place_words

register = template.Library()

register.filter("place_on_offer", place_words.place_on_offer)
register.filter("place_for_customer", place_words.place_for_customer)


@register.filter
def place_for_host(appointment: Appointment) -> str:
    return place_words.place_for_host(appointment)
