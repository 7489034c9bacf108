"""The demo's people, accounts and calendars as rows. What is there already stays as it is; what is missing is made."""

from datetime import time

from django.db import transaction

from accounts.models import Account, Member, User
from accounts.roles import Role
from accounts.services.found import found_account
from availability.models import Calendar, CalendarMember, CalendarType, Schedule, WeeklyHours
from availability.services.versions import change_epoch, change_epochs_of_members
from bookings.models import BookingTerms, Question, QuestionKind
from config.demo.kept import Kept
from config.demo.people import BUSINESSES, OPERATOR, ZONE, Business, Offer, Person, Place


def seed_rows(kept: Kept) -> None:
    """Everybody and everything that can be booked; nobody's appointments."""
    with transaction.atomic(durable=True):
        _user(OPERATOR, kept, operator=True)
        for business in BUSINESSES:
            _business(business, kept)


def _business(business: Business, kept: Kept) -> None:
    account = Account.objects.filter(slug=business.slug).first() or _found(business, kept)
    for place in business.places:
        _member(account, place, kept)
    for offer in business.offers:
        _calendar(account, offer)


def _found(business: Business, kept: Kept) -> Account:
    owner = next(place.person for place in business.places if place.role == Role.OWNER)
    user = _user(owner, kept)
    account = found_account(name=business.name, slug=business.slug, owner=user, time_zone=ZONE).account
    account.accent, account.email, account.phone = business.accent, business.email, business.phone
    account.save(update_fields=["accent", "email", "phone"])
    return account


def _user(person: Person, kept: Kept, *, operator: bool = False) -> User:
    is_new_to_us = not kept.knows(person.email)
    password = kept.password(person.email)
    user = User.objects.filter(email=person.email).first()
    if user is None:
        create = User.objects.create_superuser if operator else User.objects.create_user
        return create(person.email, password, name=person.name, time_zone=ZONE)
    if is_new_to_us:
        # the file with the passwords is gone: without a new one nobody could sign in
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def _member(account: Account, place: Place, kept: Kept) -> None:
    user = _user(place.person, kept)
    member, _ = Member.objects.get_or_create(
        account=account, user=user, defaults={"role": place.role, "slug": place.person.slug}
    )
    if not member.schedules.exists():
        _schedule(member, place)


def _schedule(member: Member, place: Place) -> None:
    schedule = Schedule.objects.create(member=member, name="Usual week", time_zone=ZONE, is_default=True)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            schedule=schedule,
            weekday=weekday,
            opens_minute=_minute(opening.opens),
            closes_minute=_minute(opening.closes),
        )
        for opening in place.hours
        for weekday in opening.weekdays
    )
    change_epochs_of_members((member,))


def _calendar(account: Account, offer: Offer) -> None:
    calendar, is_new = Calendar.objects.get_or_create(
        account=account,
        slug=offer.slug,
        defaults={
            "name": offer.name,
            "type": offer.type,
            "description": offer.description,
            "duration": offer.duration,
            "interval": offer.duration
            if offer.type == CalendarType.CLASS
            else min(offer.duration, Calendar._meta.get_field("interval").default),
            "buffer_after": offer.buffer_after,
            "place": offer.place,
            "place_kind": offer.place_kind,
            "price": offer.price,
            "category": offer.category,
            "assignment_mode": offer.mode,
            "seats": offer.seats,
        },
    )
    if is_new:
        _serve(calendar, offer)
        _ask(calendar, offer)


def _serve(calendar: Calendar, offer: Offer) -> None:
    for position, (person, priority) in enumerate(offer.hosts):
        CalendarMember.objects.create(
            calendar=calendar,
            member=Member.objects.get(account=calendar.account, user__email=person.email),
            priority=priority,
            position=position,
            is_lead=person is offer.lead,
        )
    change_epoch(calendar)


def _ask(calendar: Calendar, offer: Offer) -> None:
    BookingTerms.objects.create(
        calendar=calendar, needs_approval=offer.needs_approval, change_notice=offer.change_notice
    )
    for position, asked in enumerate(offer.questions):
        Question.objects.create(
            calendar=calendar,
            key=asked.key,
            label=asked.label,
            kind=QuestionKind.CHOICE if asked.choices else QuestionKind.TEXT,
            choices=list(asked.choices),
            position=position,
        )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
