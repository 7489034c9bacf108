"""Mails to hosts: who comes, with everything they told, set apart from our own words."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.core.plain_text import one_line, plain_lines
from bookings.mails.host_words import host_words
from bookings.mails.page import Button, Fact, Page
from bookings.mails.steps import Step
from bookings.models import Appointment, Who
from bookings.queries.place_words import place_for_host


def host_page(step: Step) -> Page:
    appointment, account = step.shown, step.account
    page = reverse("bookings:appointment", args=[appointment.uid])
    return Page(
        account=account,
        words=host_words(step),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_off=not step.appointment.is_active or appointment is not step.appointment,
        facts=(*_appointment(step, appointment), *_customer(appointment)),
        buttons=(Button(words=_("Open the appointment"), url=f"{settings.PUBLIC_BASE_URL}{page}"),),
        after="",
        because=_("You get this mail because this appointment is, or was, with you at %(account)s.")
        % {"account": one_line(account.name)},
    )


def _appointment(step: Step, appointment: Appointment) -> Iterator[Fact]:
    yield Fact(label=_("What"), text=one_line(appointment.calendar.name))
    if len(step.hosts) > 1:
        yield Fact(label=_("With"), text=", ".join(one_line(host.user.name) for host in step.hosts))
    if where := one_line(place_for_host(appointment)):
        yield Fact(label=_("Where"), text=where)
    if step.change.who != Who.SYSTEM:
        yield Fact(label=_("Done by"), text=_author(step))
    if step.change.reason:
        yield Fact(label=_("Reason"), lines=plain_lines(step.change.reason))


def _author(step: Step) -> str:
    member = step.change.member
    return one_line(member.user.name) if member else str(Who(step.change.who).label)


def _customer(appointment: Appointment) -> Iterator[Fact]:
    yield Fact(label=_("Customer"), text=one_line(appointment.customer_name))
    yield Fact(label=_("E-mail address"), text=one_line(appointment.contact.email))
    if appointment.customer_phone:
        yield Fact(label=_("Telephone"), text=one_line(appointment.customer_phone))
    if appointment.note:
        yield Fact(label=_("Note"), lines=plain_lines(appointment.note))
    for question, answer in appointment.answers:
        yield Fact(label=one_line(question), lines=plain_lines(answer))
