"""From an order to a letter: every step is told exactly once, whatever came after it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from accounts.models import User
from accounts.ports import Letter, MailOrder, compose_with
from bookings.core.plain_text import name_to_greet, one_line
from bookings.invitations import invitation
from bookings.mails.customer import customer_page, reminding_page
from bookings.mails.host import host_page
from bookings.mails.page import Page, as_html, as_text
from bookings.mails.steps import Step, appointment_of, find_step
from bookings.models import Appointment, ChangeKind
from bookings.models.change import TOLD
from bookings.queries.team import hosts_of

HOST = "host_"
REMINDER = "reminder"


def register() -> None:
    """Called once, when the apps are ready."""
    compose_with(compose, (kind.value for kind in TOLD))
    compose_with(compose, (f"{HOST}{kind.value}" for kind in TOLD))
    compose_with(compose, (REMINDER,))


def compose(order: MailOrder, now: datetime) -> Letter | None:
    """None when the appointment is gone, or when a reminder makes no sense any more."""
    if order.kind.startswith(REMINDER):
        return _remind(order, now)
    step = find_step(order.subject_uid, order.sequence, ChangeKind(order.kind.removeprefix(HOST)))
    if step is None:
        return None
    return _tell_host(order, step) if order.kind.startswith(HOST) else _tell_customer(order, step, now)


def _remind(order: MailOrder, now: datetime) -> Letter | None:
    appointment = appointment_of(order.subject_uid)
    if appointment is None or not _is_still_to_come(appointment, order.sequence, now):
        return None
    with read_by(appointment.locale, appointment.time_zone):
        return _to_customer(reminding_page(appointment, hosts_of(appointment), now=now), appointment)


def _is_still_to_come(appointment: Appointment, sequence: int, now: datetime) -> bool:
    is_kept = appointment.is_active and appointment.confirmed_at is not None
    return is_kept and appointment.sequence == sequence and now < appointment.starts_at


def _tell_customer(order: MailOrder, step: Step, now: datetime) -> Letter:
    appointment = step.appointment
    with read_by(appointment.locale, appointment.time_zone):
        letter = _to_customer(customer_page(step, now=now), appointment)
        return _with_invitation(letter, order, step, for_host=False)


def _tell_host(order: MailOrder, step: Step) -> Letter:
    # who has another address by now is written to at the one they had
    reader = User.objects.filter(email=order.recipient).first() or step.change.host.user
    with read_by(reader.locale, reader.time_zone):
        letter = letter_of(host_page(step), recipient_name=one_line(reader.name))
        return _with_invitation(letter, order, step, for_host=True)


@contextmanager
def read_by(locale: str, time_zone: object) -> Generator[None]:
    """In the language and the zone of whoever gets the letter."""
    with translation.override(locale), timezone.override(ZoneInfo(str(time_zone))):
        yield


def _to_customer(page: Page, appointment: Appointment) -> Letter:
    letter = letter_of(page, recipient_name=name_to_greet(appointment.customer_name))
    return replace(letter, reply_to=page.account.email)


def letter_of(page: Page, *, recipient_name: str) -> Letter:
    return Letter(
        subject=one_line(page.words.subject),
        text=as_text(page),
        html=as_html(page),
        sender_name=one_line(page.account.name),
        recipient_name=recipient_name,
    )


def _with_invitation(letter: Letter, order: MailOrder, step: Step, *, for_host: bool) -> Letter:
    attached, method = invitation(step.shown, step.change, told=step.kind, recipient=order.recipient, for_host=for_host)
    return replace(letter, invitation=attached, method=method)
