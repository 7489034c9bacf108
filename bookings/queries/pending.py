"""Requests that wait for an answer (B8)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Member
from accounts.ports import Needs
from bookings.models import Appointment
from bookings.queries.team import given_by


def requests_for(member: Member, *, now: datetime) -> Sequence[Appointment]:
    """Those this member may answer, whose time runs out soonest first: their own, a manager's whole account's."""
    related = ("calendar__account", "contact", "host__user")
    return list(_waiting(member, now).select_related(*related).order_by("expires_at", "starts_at", "pk"))


def number_of_requests(member: Member, *, now: datetime) -> int:
    return _waiting(member, now).count()


def requests_to_count(member: Member, now: datetime) -> Needs:
    """For the navigation."""
    return Needs(count=number_of_requests(member, now=now))


def _waiting(member: Member, now: datetime) -> QuerySet[Appointment]:
    found = Appointment.objects.pending().filter(calendar__account=member.account_id, expires_at__gt=now)
    return found if member.manages else found.filter(given_by([member]))
