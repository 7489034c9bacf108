"""Mails to customers. Nothing typed into the form is repeated in them: nobody has proved to own the address."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Account, Member
from bookings.core.plain_text import one_line, plain_lines
from bookings.mails.customer_words import customer_words, reminding_words
from bookings.mails.page import Button, Fact, Page, Words
from bookings.mails.steps import Step
from bookings.models import Appointment, BookingTerms, Who
from bookings.queries.calendar_entry import place_in_mail
from bookings.queries.customer_links import booking_page, customer_links
from bookings.queries.terms import Allowed, allowed_to_customer, terms_of
from bookings.templatetags.times import day_clock, price

_TELLS_REASONS = (Who.STAFF, Who.OPERATOR)


def customer_page(step: Step, *, now: datetime) -> Page:
    facts = (*_facts(step.appointment, step.hosts), *_reason(step))
    return _page(step.appointment, customer_words(step), facts, now=now)


def reminding_page(appointment: Appointment, hosts: Sequence[Member], *, now: datetime) -> Page:
    return _page(appointment, reminding_words(appointment), tuple(_facts(appointment, hosts)), now=now)


def _page(appointment: Appointment, words: Words, facts: tuple[Fact, ...], *, now: datetime) -> Page:
    terms = terms_of(appointment.calendar)
    allowed = allowed_to_customer(appointment, terms, now=now)
    return Page(
        account=appointment.calendar.account,
        words=words,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_off=not appointment.is_active,
        facts=facts,
        buttons=tuple(_buttons(appointment, allowed)),
        after=_after(appointment, terms, allowed),
        because=_because(appointment.calendar.account, allowed),
    )


def _facts(appointment: Appointment, hosts: Sequence[Member]) -> Iterator[Fact]:
    calendar = appointment.calendar
    costs = price(calendar.price, calendar.currency)
    yield Fact(label=_("What"), text=one_line(f"{calendar.name}, {costs}" if costs else calendar.name))
    yield Fact(label=_("With"), text=", ".join(one_line(host.user.name) for host in hosts))
    where = place_in_mail(appointment)
    if where.words:
        yield Fact(label=_("Where"), text=one_line(where.words), url=where.url)


def _reason(step: Step) -> Iterator[Fact]:
    """What staff wrote; a customer's own words do not come back to them."""
    if step.change.reason and step.change.who in _TELLS_REASONS:
        yield Fact(label=_("Reason"), lines=plain_lines(step.change.reason))


def _buttons(appointment: Appointment, allowed: Allowed) -> Iterator[Button]:
    links = customer_links(appointment)
    if allowed.reschedule:
        yield Button(words=_("Choose another time"), url=links.reschedule)
    if allowed.cancel:
        yield Button(words=_("Cancel this appointment"), url=links.cancel, is_danger=True)
    if not appointment.is_active and (page := booking_page(appointment.calendar)):
        yield Button(words=_("Book another time"), url=page)
    yield Button(words=_("See the appointment"), url=links.page, is_quiet=True)


def _after(appointment: Appointment, terms: BookingTerms, allowed: Allowed) -> str:
    """Until when it can be changed, and what to do then."""
    if not appointment.is_active:
        return ""
    account = appointment.calendar.account
    if not (allowed.reschedule or allowed.cancel) or allowed.until is None:
        return f"{_('This appointment is not changed online any more.')} {_ask(account)}".rstrip()
    until = {"time": day_clock(allowed.until)}
    if allowed.reschedule and allowed.cancel:
        words = _("You can move or cancel it until %(time)s.") % until
    elif allowed.reschedule:
        words = _("You can move it until %(time)s.") % until
    else:
        words = _("You can cancel it until %(time)s.") % until
    return f"{words} {_ask_later(account)}".rstrip() if terms.change_notice else words


def _ask(account: Account) -> str:
    if account.phone:
        return _("To change something, please ring us: %(phone)s.") % {"phone": one_line(account.phone)}
    return _("To change something, please answer this mail.") if account.email else ""


def _ask_later(account: Account) -> str:
    if account.phone:
        return _("After that, please ring us: %(phone)s.") % {"phone": one_line(account.phone)}
    return _("After that, please answer this mail.") if account.email else ""


def _because(account: Account, allowed: Allowed) -> str:
    booked = _("You get this mail because somebody booked with this address at %(account)s.")
    sentences = [booked % {"account": one_line(account.name)}]
    if account.email:
        sentences.append(_("Was it not you? Simply answer this mail, and we take it out again."))
    elif allowed.cancel:
        sentences.append(_("Was it not you? Then cancel it by the link above."))
    sentences.append(_("The links above are only for you."))
    return " ".join(sentences)
